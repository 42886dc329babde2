import { boundOf } from '../machine/calibration.ts';
import { FIXED_WITHIN, isFixed, LEAST_DESCENTS, type TimesFit } from './fit-times.ts';
import { type FigurePlace, type OpenFigure, rounded, valuesAt } from './open-figures.ts';

/** What some times say of a figure: its value, less than its file's range, hardly anything, or nothing. */
export const LOG_VERDICTS = Object.freeze(['fixed', 'narrowed', 'open', 'unseen'] as const);
export type LogVerdict = (typeof LOG_VERDICTS)[number];

export type FigureVerdict = Readonly<{
  figure: string;
  verdict: LogVerdict;
  /** The value that explains the times, and the least and the greatest that do. */
  value: number;
  low: number;
  high: number;
  stated: readonly [low: number, high: number];
  /** The bound of its stated range at which the value ends: what lies beyond was not tried. */
  atBound: number | null;
  /** The other figure that moves with it most where neither is fixed. */
  madeUpBy: string | null;
}>;

/** A figure is narrowed where what is accepted is at most this share of its stated range. */
const NARROWED = 0.5;
/** A smaller correlation names nothing. */
const TOGETHER = 0.7;

export function verdictsOf(fit: TimesFit): readonly FigureVerdict[] {
  return fit.figures.map((figure, i) => verdictOf(fit, figure, i));
}

function verdictOf(fit: TimesFit, figure: OpenFigure, i: number): FigureVerdict {
  const { path, range: stated } = figure;
  const common = { figure: path, stated };
  const shares = fit.places.map((place) => place[i]);
  const values = shares.map((share) => valuesAt([figure], [share])[path]);
  const [value] = values;
  if (!fit.seen.includes(i)) {
    const [low, high] = stated;
    return { ...common, verdict: 'unseen', value, low, high, atBound: null, madeUpBy: null };
  }
  const found = { value, low: Math.min(...values), high: Math.max(...values) };
  const atBound = boundOf({ low: stated[0], high: stated[1] }, value) ?? null;
  if (fit.descents >= LEAST_DESCENTS && isFixed(fit, i))
    return { ...common, ...widened(found, figure), verdict: 'fixed', atBound, madeUpBy: null };
  const isNarrow = Math.max(...shares) - Math.min(...shares) <= NARROWED;
  const verdict = isNarrow ? 'narrowed' : 'open';
  return { ...common, ...found, verdict, atBound, madeUpBy: companionOf(fit, i) };
}

/** What was accepted is only what was found, so a fixed figure is told as known to 5 %. */
function widened(
  found: Readonly<{ value: number; low: number; high: number }>,
  { range: [least, most] }: OpenFigure,
): typeof found {
  const { value } = found;
  if (found.low === found.high && Number.isInteger(value)) return found;
  const low = rounded(Math.max(least, value / (1 + FIXED_WITHIN)));
  const high = rounded(Math.min(most, value * (1 + FIXED_WITHIN)));
  return { value, low: Math.min(low, found.low), high: Math.max(high, found.high) };
}

function companionOf({ figures, seen, places }: TimesFit, i: number): string | null {
  const together = seen
    .filter((other) => other !== i)
    .map((other) => ({ other, strength: Math.abs(correlation(places, i, other)) }))
    .sort((a, b) => b.strength - a.strength);
  const [first] = together;
  return first !== undefined && first.strength >= TOGETHER ? figures[first.other].path : null;
}

/** Of the shares of two figures over places; 0 where one of them does not move. */
function correlation(places: readonly FigurePlace[], a: number, b: number): number {
  const mean = (i: number): number => places.reduce((sum, place) => sum + place[i], 0) / places.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (i: number, j: number, ofI: number, ofJ: number): number =>
    places.reduce((sum, place) => sum + (place[i] - ofI) * (place[j] - ofJ), 0);
  const spread = Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
  return spread === 0 ? 0 : product(a, b, meanA, meanB) / spread;
}
