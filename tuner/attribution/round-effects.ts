import type { Comparison } from '../../store/comparison.ts';
import { scatterOf } from '../measurement/statistics.ts';
import { factorize, solveLower, solveUpper } from '../models/cholesky.ts';

const ITERATIONS = 4;
/** A time that is farther off than so many standard deviations counts less (Huber 1981). */
const FAR = 1.345;
/** Beside the weight of a time: holds the levels where nothing else does. */
const HELD = 1e-6;

type Logs = readonly (readonly (number | null)[])[];
/** The times of one round: of which variant, their logarithms, and what each counts. */
type Row = Readonly<{ places: readonly number[]; logs: readonly number[]; weights: Float64Array }>;

/** It is asked for by several. */
const known = new WeakMap<Pick<Comparison, 'roundsUs'>, Logs>();

/**
 * Logarithms of times without what made a whole round slow or fast: an additive model of variants and rounds, by least
 * squares in which what is far off counts less. So variants can be compared that were not in the same rounds, as long as
 * others were in both. All levels are found at once: found in turns with the effects of the rounds they stay where they began,
 * as most variants of a late round are in late rounds only.
 */
export function withoutRoundEffects(comparison: Pick<Comparison, 'roundsUs'>): Logs {
  const found = known.get(comparison) ?? fitted(comparison);
  known.set(comparison, found);
  return found;
}

function fitted({ roundsUs }: Pick<Comparison, 'roundsUs'>): Logs {
  const rows = roundsUs.map(rowOf);
  const variants = roundsUs[0]?.length ?? 0;
  let effects: readonly number[] = [];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const levels = levelsOf(rows, variants);
    effects = rows.map((row) => meanOf(row, (log, i) => log - levels[row.places[i]]));
    weigh(rows, levels, effects);
  }
  return roundsUs.map((round, r) =>
    round.map((time) => (time === null ? null : Math.log(time) - effects[r])),
  );
}

function rowOf(round: readonly (number | null)[]): Row {
  const timed = round.flatMap((time, place) => (time === null ? [] : [{ place, log: Math.log(time) }]));
  return {
    places: timed.map(({ place }) => place),
    logs: timed.map(({ log }) => log),
    weights: new Float64Array(timed.length).fill(1),
  };
}

/** The least squares' levels, of a mean of about zero, with the effects of the rounds eliminated. */
function levelsOf(rows: readonly Row[], variants: number): Float64Array {
  const normal = new Float64Array(variants * variants);
  const right = new Float64Array(variants);
  for (let place = 0; place < variants; place++) normal[place * variants + place] = HELD;
  for (const row of rows) {
    const { places, logs, weights } = row;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const middle = meanOf(row, (log) => log);
    for (let i = 0; i < places.length; i++) {
      const place = places[i];
      right[place] += weights[i] * (logs[i] - middle);
      normal[place * variants + place] += weights[i];
      // Places are in order, and of a symmetric matrix the lower triangle is enough.
      for (let j = 0; j <= i; j++) normal[place * variants + places[j]] -= (weights[i] * weights[j]) / total;
    }
  }
  factorize(normal, variants);
  return solveUpper(normal, variants, solveLower(normal, variants, right));
}

function meanOf({ logs, weights }: Row, of: (log: number, i: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < logs.length; i++) {
    sum += weights[i] * of(logs[i], i);
    total += weights[i];
  }
  return total === 0 ? 0 : sum / total;
}

/** By how far each time is from what the model says. */
function weigh(rows: readonly Row[], levels: Float64Array, effects: readonly number[]): void {
  const off = rows.map(({ places, logs }, r) => logs.map((log, i) => log - levels[places[i]] - effects[r]));
  const limit = FAR * scatterOf([off.flat()]);
  for (const [r, { weights }] of rows.entries())
    for (const [i, far] of off[r].entries()) weights[i] = Math.abs(far) <= limit ? 1 : limit / Math.abs(far);
}
