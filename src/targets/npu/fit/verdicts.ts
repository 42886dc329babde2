import { boundOf } from '../machine/calibration.ts';
import { FIXED_WITHIN, isFixed, LEAST_DESCENTS, type TimesFit } from './fit-times.ts';
import { type OpenFigure, rounded, valuesAt } from './open-figures.ts';

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
  /** Where it is not fixed: the other figure with which the times change as with this one. */
  alike: string | null;
}>;

/** A figure is narrowed where what is accepted is at most this share of its stated range. */
const NARROWED = 0.5;
/** The cosine of two columns of slopes from which on a log hardly tells them apart. */
const PARALLEL = 0.95;

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
    return { ...common, verdict: 'unseen', value, low, high, atBound: null, alike: null };
  }
  const found = { value, low: Math.min(...values), high: Math.max(...values) };
  const atBound = boundOf({ low: stated[0], high: stated[1] }, value) ?? null;
  if (fit.descents >= LEAST_DESCENTS && isFixed(fit, i))
    return { ...common, ...widened(found, figure), verdict: 'fixed', atBound, alike: null };
  const isNarrow = Math.max(...shares) - Math.min(...shares) <= NARROWED;
  // An open figure at a bound was not stopped by it: it is where the file has it.
  if (!isNarrow) return { ...common, ...found, verdict: 'open', atBound: null, alike: alikeTo(fit, i) };
  return { ...common, ...found, verdict: 'narrowed', atBound, alike: alikeTo(fit, i) };
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

/** The figure whose slopes are nearly parallel to this one's: a log can tell them apart only where they are not. */
function alikeTo({ figures, seen, slopes }: TimesFit, i: number): string | null {
  const column = (position: number): readonly number[] => slopes.map((row) => row[seen.indexOf(position)]);
  const own = column(i);
  const others = seen
    .filter((other) => other !== i)
    .map((other) => ({ other, cosine: Math.abs(cosineOf(own, column(other))) }))
    .sort((a, b) => b.cosine - a.cosine);
  const [first] = others;
  return first !== undefined && first.cosine >= PARALLEL ? figures[first.other].path : null;
}

/** 0 where one of them is. */
function cosineOf(a: readonly number[], b: readonly number[]): number {
  const dot = (one: readonly number[], other: readonly number[]): number =>
    one.reduce((sum, x, row) => sum + x * other[row], 0);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}
