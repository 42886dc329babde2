import { boundOf } from '../machine/calibration.ts';
import type { TimesFit } from './fit-times.ts';
import { inseparable, type OpenFigure, valuesAt } from './open-figures.ts';

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

/** A figure is fixed where no accepted value differs from the best by more than this. */
const FIXED_WITHIN = 0.05;
/** With fewer searches that explain the times, there may be quite other explanations: nothing is said to be fixed. */
export const LEAST_DESCENTS = 3;
function verdictOf(fit: TimesFit, figure: OpenFigure, i: number): FigureVerdict {
  const { path, range: stated } = figure;
  const common = { figure: path, stated };
  const share = fit.places[0][i];
  const atShare = (one: number): number => valuesAt([figure], [one])[path];
  const value = atShare(share);
  const range = fit.ranges[i];
  if (range === undefined) {
    const [low, high] = stated;
    return { ...common, verdict: 'unseen', value, low, high, atBound: null, alike: null };
  }
  const [from, to] = [Math.min(share, range[0]), Math.max(share, range[1])];
  const found = { value, low: atShare(from), high: atShare(to) };
  const atBound = boundOf({ low: stated[0], high: stated[1] }, value) ?? null;
  const isFixed = found.high <= value * (1 + FIXED_WITHIN) && value <= found.low * (1 + FIXED_WITHIN);
  if (isFixed && fit.descents >= LEAST_DESCENTS && !isOneOfASum(fit, figure))
    return { ...common, ...found, verdict: 'fixed', atBound, alike: null };
  // An open figure at a bound was not stopped by it: it is where the file has it.
  if (to - from > NARROWED)
    return { ...common, ...found, verdict: 'open', atBound: null, alike: alikeTo(fit, i) };
  return { ...common, ...found, verdict: 'narrowed', atBound, alike: alikeTo(fit, i) };
}

/** Whether another seen figure could make up for another value of this one. */
function isOneOfASum({ figures, seen }: TimesFit, figure: OpenFigure): boolean {
  const others = seen.map((other) => figures[other]);
  return inseparable(others, figure).length > 0;
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
