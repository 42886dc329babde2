import { screenMemory } from '../../src/ask/screen.ts';
import { openStudy } from '../../src/ask/study-request.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import type { Target } from '../../src/targets/_base.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { systemClock } from '../../tuner/clock.ts';
import { compare } from '../../tuner/measurement/compare.ts';
import { median } from '../../tuner/measurement/statistics.ts';
import { strategies } from '../../tuner/strategies/registry.ts';
import { searchStudy } from '../../tuner/study.ts';

const signal = new AbortController().signal;
const BUDGETS = [10, 25, 50];

/** How much slower than the best of all is the best after so many real trials: the median over seeds. */
export type Saving = Readonly<{ trials: number; without: number; screened: number }>;

type Found = Readonly<{ label: string; trials: number; screened: boolean; best: SettledTrial }>;

/** The same studies with a screen and without; all that they found meets in one comparison. */
export async function savingsOf(
  kernel: Kernel,
  target: Target,
  machine: SimulatedTarget,
  seeds: readonly number[],
): Promise<readonly Saving[]> {
  const found: Found[] = [];
  for (const seed of seeds) {
    for (const screened of [false, true]) {
      const log = await search(kernel, target, seed, screened ? machine : undefined);
      for (const trials of BUDGETS) {
        const best = fastest(log.slice(0, trials));
        if (best !== undefined)
          found.push({ label: `${trials} ${seed} ${screened}`, trials, screened, best });
      }
    }
  }
  const slower = await slownessOf(kernel, target, found);
  return BUDGETS.map((trials) => {
    const of = (screened: boolean): number =>
      median(slower.filter((_, n) => found[n].trials === trials && found[n].screened === screened));
    return { trials, without: of(false), screened: of(true) };
  });
}

async function search(
  kernel: Kernel,
  target: Target,
  seed: number,
  machine: SimulatedTarget | undefined,
): Promise<readonly SettledTrial[]> {
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'bench' } });
  const screen =
    machine && (async (space: ReturnType<Target['space']>) => screenMemory(kernel, space, machine));
  const [strategy] = strategies;
  const request = { kernel, kernelSource: 'library', target, strategy, seed, values: {}, start: [] };
  const study = await openStudy({ ...request, ...(screen && { screen }) }, store, 'bench');
  const backend = await target.backend(kernel, study.space);
  const surroundings = {
    clock: systemClock,
    signal,
    listen: () => {},
    toolVersion: 'bench',
    environment: {},
  };
  const { log } = await searchStudy(study, { trials: BUDGETS.at(-1)! }, { store, backend, ...surroundings });
  await backend.close();
  await store.close();
  return log;
}

function fastest(log: readonly SettledTrial[]): SettledTrial | undefined {
  const time = (trial: SettledTrial): number =>
    trial.state === 'timed' ? trial.timeUs : Number.POSITIVE_INFINITY;
  const best = log.reduce((a, b) => (time(b) < time(a) ? b : a));
  return best.state === 'timed' ? best : undefined;
}

/** Each one's median time in the comparison over the least of them. */
async function slownessOf(
  kernel: Kernel,
  target: Target,
  found: readonly Found[],
): Promise<readonly number[]> {
  const different = new Map(
    found.map(({ best }) => [JSON.stringify(best.configuration), best.configuration]),
  );
  const contenders = [...different].map(([label, configuration]) => ({ label, configuration }));
  const backend = await target.backend(kernel, target.space(kernel));
  const comparison = await compare(backend, contenders, Date.now(), signal);
  await backend.close();
  if (comparison === null) throw new Error(`nothing that was found of ${kernel.name} can be timed again`);
  const times = comparison.variants.map((_, place) =>
    median(comparison.roundsUs.map((row) => row[place]).filter((time) => time !== null)),
  );
  const least = Math.min(...times.filter((time) => !Number.isNaN(time)));
  const known = new Map(comparison.variants.map(({ label }, place) => [label, times[place] / least]));
  return found.map(({ best }) => known.get(JSON.stringify(best.configuration)) ?? Number.NaN);
}
