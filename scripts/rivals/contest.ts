import { permutation, randomFor } from '../../search-space/random.ts';
import type { Backend, Variant } from '../../tuner/backend.ts';
import { median, quantile } from '../../tuner/measurement/statistics.ts';
import type { Case } from './case.ts';
import type { Rival } from './rival.ts';

const ROUNDS = 9;
/** On a busy machine more rounds are run, until so many samples of the variant are clean. */
const LEAST_CLEAN = 3;
const MOST_ROUNDS = 20 * ROUNDS;
/** Repetitions in fresh processes, of which the median counts: the placement of data changes times by some percent. */
const DRAWS = 3;
const signal = new AbortController().signal;

/** Microseconds: medians over draws of the lower quartiles over interleaved rounds. */
export type Contest = Readonly<{ timeUs: number; rivals: ReadonlyMap<string, number> }>;

/** A variant against rivals. What a rival lacks, its map lacks. */
export async function contest(
  one: Case,
  backend: Backend,
  variant: Variant,
  rivals: readonly Rival[],
): Promise<Contest> {
  const draws: (readonly number[])[] = [];
  for (let draw = 0; draw < DRAWS; draw++) draws.push(await drawn(one, draw, backend, variant, rivals));
  const [timeUs, ...others] = [0, ...rivals.map((_, n) => n + 1)].map((n) =>
    median(draws.map((draw) => draw[n])),
  );
  const timed = rivals.map(({ name }, n) => [name, others[n]] as const).filter(([, time]) => time > 0);
  return { timeUs, rivals: new Map(timed) };
}

/** The lower quartiles of the variant and its rivals, each in a fresh process; 0 for a kernel that a rival lacks. */
async function drawn(
  one: Case,
  draw: number,
  backend: Backend,
  variant: Variant,
  rivals: readonly Rival[],
): Promise<readonly number[]> {
  const session = await backend.session([variant], signal, { fresh: true });
  const opponents = await Promise.all(rivals.map((rival) => rival.start()));
  const times: number[][] = [[], ...rivals.map(() => [])];
  const isEnough = (round: number): boolean => round >= ROUNDS && times[0].length >= LEAST_CLEAN;
  for (let round = 0; !isEnough(round) && round < MOST_ROUNDS; round++) {
    for (const place of permutation(randomFor('bench', one.kernel, draw, round), rivals.length + 1)) {
      if (place > 0) {
        const time = await opponents[place - 1].sample(one);
        if (time !== undefined) times[place].push(time);
      } else {
        const sample = await session.sample(variant, round);
        if (sample.state === 'timed') times[0].push(sample.timeUs);
      }
    }
  }
  await session.close();
  for (const opponent of opponents) opponent.end();
  if (times[0].length < LEAST_CLEAN) throw new Error(`too busy a machine: no clean samples of ${one.kernel}`);
  return times.map((all) => (all.length === 0 ? 0 : quartile(all)));
}

/** The lower quartile. */
export function quartile(values: readonly number[]): number {
  return quantile(values, 0.25);
}
