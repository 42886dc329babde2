import { loadReplayTable } from '../../src/targets/replay/table.ts';
import { NOISES, type Noise, type Reading, SAMPLE_MS, type TrueTimes } from './noisy-table.ts';
import { visitTable } from './visit.ts';

/** Executions on an exact clock; a noisy one has twice as many, its final comparison included. */
const BUDGETS = [50, 100, 200];

/** What noisy clocks reach with twice the executions, as a share of what an exact clock reaches; true times count. */
export async function benchClocks(
  paths: readonly string[],
  seeds: number,
  reading: Exclude<Reading, 'exact'>,
): Promise<void> {
  const all = new Map<string, number[]>();
  for (const path of paths) {
    const table = await loadReplayTable(path);
    for (const budget of BUDGETS) {
      const exact = await reached(table, seeds, { trials: budget }, 'exact', () => 1);
      const cells: string[] = [];
      for (const [name, noise] of Object.entries(NOISES)) {
        const noisy = await reached(table, seeds, { forMs: 2 * budget * SAMPLE_MS }, reading, noise);
        const share = noisy.fraction / exact.fraction;
        all.set(`${budget}, ${name}`, [...(all.get(`${budget}, ${name}`) ?? []), share]);
        cells.push(
          `${name} ${share.toFixed(3)} (${noisy.trials.toFixed(0)} trials, ${noisy.searched.toFixed(0)} + ${(noisy.samples - noisy.searched).toFixed(0)} executions)`,
        );
      }
      console.log(`${table.name}, ${budget}: exact ${exact.fraction.toFixed(3)}; ${cells.join('; ')}`);
    }
  }
  for (const [what, shares] of all)
    console.log(
      `${what}: ${mean(shares).toFixed(4)} in the mean, ${Math.min(...shares).toFixed(3)} at worst`,
    );
}

async function reached(
  table: TrueTimes,
  seeds: number,
  budget: Parameters<typeof visitTable>[1],
  reading: Reading,
  noise: Noise,
) {
  const { space, timesUs } = table;
  const optimumUs = timesUs.reduce((least, time) => (time < least ? time : least), Number.POSITIVE_INFINITY);
  const visits = [];
  for (let seed = 1; seed <= seeds; seed++)
    visits.push(await visitTable(table, budget, { reading, noise }, seed));
  const fractions = visits.map(({ findings: { best } }) =>
    best === null ? 0 : optimumUs / timesUs[space.indexOf(best.configuration)],
  );
  return {
    fraction: mean(fractions),
    trials: mean(visits.map(({ trials }) => trials)),
    samples: mean(visits.map(({ samples }) => samples)),
    searched: mean(visits.map(({ searched }) => searched)),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
