import { configurationKey } from '../../search-space/parameter.ts';
import { loadReplayTable } from '../../src/targets/replay/table.ts';
import { median } from '../../tuner/measurement/statistics.ts';
import { NOISES, type Reading, type TrueTimes } from './noisy-table.ts';
import { PLATEAUS } from './plateaus.ts';
import { visitTable } from './visit.ts';

const TRIALS = 60;
/** Made-up spaces of each kind. */
const DRAWN = 3;
const NEAR = 0.01;

/** How often repetitions of a study with 5 % of noise name the same configuration, and which others they say are the same. */
export async function benchStability(
  paths: readonly string[],
  repetitions: number,
  only: string,
  reading: Exclude<Reading, 'exact'>,
): Promise<void> {
  for (const [kind, make] of Object.entries(PLATEAUS))
    for (let seed = 1; seed <= DRAWN; seed++) {
      const table = make(seed);
      if (kind.includes(only)) await repeat(table, repetitions, reading);
    }
  for (const path of paths) await repeat(await loadReplayTable(path), repetitions, reading);
}

async function repeat(
  table: TrueTimes,
  repetitions: number,
  reading: Exclude<Reading, 'exact'>,
): Promise<void> {
  const { space, timesUs } = table;
  const keyOf = (configuration: Parameters<typeof configurationKey>[1]): string =>
    configurationKey(space.parameters, configuration);
  const optimumUs = timesUs.reduce((least, time) => (time < least ? time : least), Number.POSITIVE_INFINITY);
  const named: string[] = [];
  const told: ReadonlySet<string>[] = [];
  const slower: number[] = [];
  const sure: number[] = [];
  for (let seed = 1; seed <= repetitions; seed++) {
    const clock = { reading, noise: NOISES['5 %'] };
    const { findings } = await visitTable(table, { trials: TRIALS }, clock, seed);
    if (findings.best === null) continue;
    const { configuration } = findings.best;
    named.push(keyOf(configuration));
    told.push(
      new Set([configuration, ...(findings.same ?? []).map((each) => each.configuration)].map(keyOf)),
    );
    slower.push(timesUs[space.indexOf(configuration)] / optimumUs - 1);
    sure.push(...(typeof findings.sure === 'number' ? [findings.sure] : []));
  }
  const counts = new Map<string, number>();
  for (const key of named) counts.set(key, (counts.get(key) ?? 0) + 1);
  const [[usual, count]] = [...counts].sort((a, b) => b[1] - a[1]);
  const listed = told.filter((keys) => keys.has(usual)).length;
  const near = timesUs.filter((time) => time <= optimumUs * (1 + NEAR)).length;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log(
    `${table.name}: ${near} of ${space.size} within 1 %; ${count} of ${named.length} name one, ${listed} name or list it (${counts.size} different); slower than the optimum by ${percent(median(slower))} in the median, ${percent(Math.max(...slower))} at most; sure by ${percent(median(sure))}, ${named.length - sure.length} do not tell`,
  );
}
