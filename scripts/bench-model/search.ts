import { kernelFeatures } from '../../src/kernels/features.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { simulatedTarget } from '../../src/targets/npu/target.ts';
import type { Learner } from '../../tuner/models/across/learner.ts';
import { trainAcross } from '../../tuner/models/across/train.ts';
import { modelPrior } from '../../tuner/priors/model-prior.ts';
import { defaultStrategy } from '../../tuner/strategies/default.ts';
import type { SimulatedStudy } from './simulated-studies.ts';

/** Best known ÷ best found after `budget` trials, mean over seeds, with the model as a prior and without. */
export type SearchRow = Readonly<{ kernel: string; budget: number; without: number; with: number }>;

const KERNELS = ['gelu', 'softmax', 'matmul', 'rope', 'row-sum'];
const TARGET = 'hexagon-v75';
const BUDGETS = [10, 25, 50, 100];
const SEEDS = [1, 2, 3, 4];

/** Searches held-out kernels with and without the model. */
export async function searchWithModel(
  learner: Learner,
  studies: readonly SimulatedStudy[],
  trials: number,
): Promise<readonly SearchRow[]> {
  const rows: SearchRow[] = [];
  for (const name of KERNELS) {
    const shown = studies.filter(({ kernel }) => kernel !== name).map((study) => study.examples(trials, 1));
    const { model } = await trainAcross(learner, shown, 1);
    const machine = loadTarget(TARGET);
    const target = simulatedTarget(machine);
    const kernel = libraryKernel(name);
    const space = target.space(kernel);
    const facts = {
      kernel: name,
      target: TARGET,
      kernelFeatures: kernelFeatures(kernel),
      targetFeatures: target.features,
    };
    const prior = modelPrior(model, facts, space.parameters, 'bench');
    const search = (seed: number, context: Readonly<{ prior?: typeof prior }>): readonly number[] => {
      const strategy = defaultStrategy.create({ space, seed, ...context });
      const best: number[] = [];
      while (best.length < Math.max(...BUDGETS)) {
        const [{ index }] = strategy.suggest(1);
        const { timeUs } = simulateKernel(kernel, machine, space.at(index));
        strategy.observe([{ index, state: 'timed', timeUs }]);
        best.push(Math.min(timeUs, best.at(-1) ?? timeUs));
      }
      return best;
    };
    rows.push(
      ...compared(
        name,
        SEEDS.map((seed) => search(seed, {})),
        SEEDS.map((seed) => search(seed, { prior })),
      ),
    );
  }
  return rows;
}

type Curves = readonly (readonly number[])[];

function compared(kernel: string, without: Curves, helped: Curves): readonly SearchRow[] {
  const optimum = Math.min(...[...without, ...helped].map((curve) => curve[curve.length - 1]));
  const share = (curves: Curves, budget: number): number =>
    curves.reduce((sum, curve) => sum + optimum / curve[budget - 1], 0) / curves.length;
  return BUDGETS.map((budget) => ({
    kernel,
    budget,
    without: share(without, budget),
    with: share(helped, budget),
  }));
}
