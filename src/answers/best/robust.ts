import type { Configuration } from '../../../search-space/parameter.ts';

/** A configuration's time at one shape; `regret` is that time over the best known time of the shape. */
export type Regret = Readonly<{ shape: string; timeUs: number; regret: number }>;

/** The configuration whose worst regret over the shapes is least. */
export type RobustChoice = Readonly<{
  configuration: Configuration;
  /** The worst regret over the shapes: 1.08 is 8 % slower than the best at that shape. */
  worst: number;
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
 * Least worst-case regret (minimax, Savage 1951) over configurations that have a time at every shape. Ties go
 * to the first by text, so that the choice does not depend on the order of trials. Null if no
 * configuration has a time at every shape.
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

/** A key for a configuration that does not depend on the order of its parameters. */
export function keyOf(configuration: Configuration): string {
  const entries = Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}
