import type { Configuration } from '../../../search-space/parameter.ts';
import { isUnknown, type OrUnknown, unknown } from '../../../tuner/attribution/gain.ts';
import { compareSimplicity, type Simplicity } from '../../../tuner/attribution/simplest.ts';
import { ROUNDING } from '../../../tuner/attribution/simplest-computed.ts';

/** A configuration's time at one shape; `regret` is that time over the best known time of the shape. */
export type Regret = Readonly<{ shape: string; timeUs: number; regret: OrUnknown<number> }>;

/** The configuration whose worst regret over the shapes is least. */
export type RobustChoice = Readonly<{
  configuration: Configuration;
  /** The worst regret over the shapes: 1.08 is 8 % slower than the best at that shape. */
  worst: OrUnknown<number>;
  /** In the order of the shapes. */
  regrets: readonly Regret[];
  /** The number of configurations with a time at every shape, from which it was chosen. */
  considered: number;
}>;

/** The times at one shape, in µs by configuration. */
export type KnownShape = Readonly<{
  shape: string;
  bestUs: number;
  timed: readonly Readonly<{ configuration: Configuration; timeUs: number }>[];
}>;

/**
 * Least worst-case regret (minimax, Savage 1951) over configurations that have a time at every shape. Of ties the simplest
 * by a study of one of the shapes, then the first by text, so that the choice does not depend on the order of trials. Null
 * if no configuration has a time at every shape.
 */
export function leastRegret(shapes: readonly KnownShape[], study: Simplicity): RobustChoice | null {
  const tables = shapes.map(
    ({ timed }) => new Map(timed.map((trial) => [keyOf(trial.configuration), trial])),
  );
  const [first, ...others] = tables;
  if (first === undefined) return null;
  const common = [...first.keys()].filter((key) => others.every((table) => table.has(key))).sort();
  const candidates = common.map((key) => ({
    key,
    configuration: first.get(key)?.configuration ?? {},
    worst: Math.max(...tables.map((table, place) => (table.get(key)?.timeUs ?? 0) / shapes[place].bestUs)),
  }));
  const least = candidates.reduce((so, { worst }) => Math.min(so, worst), Number.POSITIVE_INFINITY);
  const [best] = candidates
    .filter(({ worst }) => worst <= least * (1 + ROUNDING))
    .sort((a, b) => compareSimplicity(study, a.configuration, b.configuration));
  if (best === undefined) return null;
  const { key: chosen, configuration } = best;
  const regrets = shapes.map((shape, place) => regretAt(shape, tables[place].get(chosen)?.timeUs ?? 0));
  const unseen = regrets.map(({ regret }) => regret).find(isUnknown);
  return { configuration, worst: unseen ?? least, regrets, considered: common.length };
}

/** Where nothing else was timed, a time over the best known one says nothing. */
function regretAt({ shape, bestUs, timed }: KnownShape, timeUs: number): Regret {
  const isAlone = timed.length < 2;
  const nothingElse = unknown('not tried', `nothing else was timed at ${shape}`);
  return { shape, timeUs, regret: isAlone ? nothingElse : timeUs / bestUs };
}

/** A key for a configuration that does not depend on the order of its parameters. */
export function keyOf(configuration: Configuration): string {
  const entries = Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}
