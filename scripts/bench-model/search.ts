import { randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { kernelFeatures } from '../../src/kernels/features.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import type { LibraryKernel } from '../../src/kernels/library/_entry.ts';
import { libraryKernels } from '../../src/kernels/library.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { simulatedTarget } from '../../src/targets/npu/target.ts';
import type { AcrossModel } from '../../tuner/models/across/across-model.ts';
import { modelPrior } from '../../tuner/priors/model-prior.ts';
import type { Prior } from '../../tuner/strategies/_base.ts';
import { defaultStrategy } from '../../tuner/strategies/default.ts';
import type { SimulatedStudy } from '../train-model/simulated-studies.ts';
import { packagedModelOf } from '../train-model/training.ts';

/** Optimum ÷ best found after `budget` trials, mean over seeds, without a prior and with the package's model. */
export type SearchRow = Readonly<{
  kernel: string;
  target: string;
  budget: number;
  without: number;
  with: number;
}>;

export type LeftOut = 'kernel' | 'target';

const TARGETS = ['hexagon-v75', 'edge-2mib'];
const BUDGETS = [10, 25, 50];
const TRAINED_WITH = 1;
/** Kernels that are left out together. */
const TOGETHER = 4;

/** Searches every library kernel, with the package's model as it is without that kernel and some others, or without that target. */
export async function searchLeftOut(
  leftOut: LeftOut,
  studies: readonly SimulatedStudy[],
  seeds: number,
): Promise<readonly SearchRow[]> {
  const lessons = studies.map((study) => study.lesson(TRAINED_WITH));
  const rows: SearchRow[] = [];
  for (const { kernels, targets } of partsOf(leftOut)) {
    const unseen = new Set(leftOut === 'kernel' ? kernels.map(({ name }) => name) : targets);
    const shown = lessons.filter((lesson) => !unseen.has(lesson[leftOut]));
    const model = await packagedModelOf(shown, TRAINED_WITH);
    for (const target of targets)
      for (const { build, defaultShape, dtypes } of kernels)
        rows.push(...searched(build(defaultShape, dtypes[0]), target, model, seeds));
  }
  return rows;
}

type Part = Readonly<{ kernels: readonly LibraryKernel[]; targets: readonly string[] }>;

/** What is searched with one model: some kernels on all targets, or all kernels on a target. */
function partsOf(leftOut: LeftOut): readonly Part[] {
  if (leftOut === 'target') return TARGETS.map((target) => ({ kernels: libraryKernels, targets: [target] }));
  const parts = Math.ceil(libraryKernels.length / TOGETHER);
  return Array.from({ length: parts }, (_, part) => ({
    kernels: libraryKernels.slice(part * TOGETHER, (part + 1) * TOGETHER),
    targets: TARGETS,
  }));
}

function searched(kernel: Kernel, target: string, model: AcrossModel, seeds: number): readonly SearchRow[] {
  const machine = loadTarget(target);
  const { space: spaceOf, features } = simulatedTarget(machine);
  const space = spaceOf(kernel);
  const facts = {
    kernel: kernel.name,
    target,
    kernelFeatures: kernelFeatures(kernel),
    targetFeatures: features,
  };
  const time = (index: number): number => simulateKernel(kernel, machine, space.at(index)).timeUs;
  const prior = modelPrior(model, facts, space.parameters, 'bench');
  const curves = (context: Readonly<{ prior?: Prior }>): readonly (readonly number[])[] =>
    Array.from({ length: seeds }, (_, seed) => bestAfterEach(space, time, { seed: seed + 1, ...context }));
  const [without, helped] = [curves({}), curves({ prior })];
  const optimum = Math.min(nearOptimum(space, time), ...[...without, ...helped].flat());
  const share = (all: readonly (readonly number[])[], budget: number): number =>
    all.reduce((sum, best) => sum + optimum / best[Math.min(budget, best.length) - 1], 0) / all.length;
  return BUDGETS.map((budget) => ({
    kernel: kernel.name,
    target,
    budget,
    without: share(without, budget),
    with: share(helped, budget),
  }));
}

/** The best time after each trial of the default strategy. */
function bestAfterEach(
  space: SearchSpace,
  time: (index: number) => number,
  context: Readonly<{ seed: number; prior?: Prior }>,
): readonly number[] {
  const strategy = defaultStrategy.create({ space, ...context });
  const best: number[] = [];
  while (best.length < Math.min(space.size, Math.max(...BUDGETS))) {
    const [{ index }] = strategy.suggest(1);
    const timeUs = time(index);
    strategy.observe([{ index, state: 'timed', timeUs }]);
    best.push(Math.min(timeUs, best.at(-1) ?? timeUs));
  }
  return best;
}

const DRAWN = 600;
const STARTS = 3;

/** The best that single changes lead to from the fastest of many random configurations. */
function nearOptimum(space: SearchSpace, time: (index: number) => number): number {
  const random = randomFor('optimum');
  const drawn = Array.from({ length: DRAWN }, () => space.sample(random)).map((index) => ({
    index,
    timeUs: time(index),
  }));
  const starts = drawn.sort((a, b) => a.timeUs - b.timeUs).slice(0, STARTS);
  return Math.min(
    ...starts.map((start) => {
      for (let at = start; ; ) {
        const near = space.neighbours(at.index, 'hamming').map((index) => ({ index, timeUs: time(index) }));
        const next = near.reduce((best, one) => (one.timeUs < best.timeUs ? one : best), at);
        if (next === at) return at.timeUs;
        at = next;
      }
    }),
  );
}
