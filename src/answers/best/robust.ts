import type { Configuration } from '../../../search-space/parameter.ts';

/** A configuration's time at one shape, against the best that is known there. */
export type Regret = Readonly<{ shape: string; timeUs: number; regret: number }>;

/** The configuration whose worst regret over the shapes is least. */
export type RobustChoice = Readonly<{
  configuration: Configuration;
  /** Time over the best time at that shape, at its worst: 1.08 is 8 % slower than the best there. */
  worst: number;
  /** In the order of the shapes. */
  regrets: readonly Regret[];
  /** Configurations with a time at every shape, that it was chosen from. */
  considered: number;
}>;

/** What is known at one shape: times in µs by configuration. */
export type KnownShape = Readonly<{
  shape: string;
  bestUs: number;
  timed: readonly Readonly<{ configuration: Configuration; timeUs: number }>[];
}>;

/**
 * Least worst-case regret (minimax, Savage 1951) over configurations that have a time at every shape;
 * of equal ones the first by its text, so that the choice does not depend on the order of trials.
 * Null where no configuration has a time everywhere.
 */
export function leastRegret(shapes: readonly KnownShape[]): RobustChoice | null {
  const tables = shapes.map(
    ({ timed }) => new Map(timed.map((trial) => [keyOf(trial.configuration), trial])),
  );
  const [first, ...others] = tables;
  if (first === undefined) return null;
  const common = [...first.keys()].filter((key) => others.every((table) => table.has(key))).sort();
  let best: RobustChoice | null = null;
  for (const key of common) {
    const regrets = shapes.map(({ shape, bestUs }, place) => {
      const timeUs = tables[place].get(key)?.timeUs ?? Number.POSITIVE_INFINITY;
      return { shape, timeUs, regret: timeUs / bestUs };
    });
    const worst = Math.max(...regrets.map(({ regret }) => regret));
    if (best !== null && worst >= best.worst) continue;
    const configuration = first.get(key)?.configuration ?? {};
    best = { configuration, worst, regrets, considered: common.length };
  }
  return best;
}

/** The same text for the same values, whatever the order of the keys. */
export function keyOf(configuration: Configuration): string {
  const entries = Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}
