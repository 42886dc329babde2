import { type Baseline, scoreOf } from './baseline.ts';
import { grouped } from './grouped.ts';
import { type Curve, fractionAfter, mean, trialsTo95 } from './search-landscape.ts';

/** The searches of one strategy on one space. */
export type Searched = Readonly<{
  space: string;
  family: string;
  strategy: string;
  baseline: Baseline | undefined;
  curves: readonly Curve[];
  /** When each trial of each search had ended, by what trials took, milliseconds; undefined where that is not known. */
  endsMs: readonly Float64Array[] | undefined;
  cpuMs: number;
  /** The part of `cpuMs` spent on models of the study. */
  modelCpuMs: number;
}>;

/** One line of the comparison. `fraction`: mean over the seeds of optimum ÷ best found. */
export type StrategyResult = Readonly<{
  space: string;
  family: string;
  strategy: string;
  budget: number;
  fraction: number;
  /** The same of each seed alone. */
  fractions: readonly number[];
  /** Median over the seeds of the trials to 95 % of the optimum, independent of this line's budget; null if not reached. */
  trialsTo95: number | null;
  /** The methodology's score against random search, independent of this line's budget; null for a space too large for it. */
  score: number | null;
  cpuMsPerTrial: number;
  /** The part of `cpuMsPerTrial` spent on models of the study. */
  modelCpuMsPerTrial: number;
}>;

/** Means over the spaces; `trialsTo95` is the median over the spaces of their medians. */
export type SummaryLine = Readonly<{
  /** null over all families. */
  family: string | null;
  strategy: string;
  budget: number;
  fraction: number;
  trialsTo95: number | null;
  score: number | null;
  cpuMsPerTrial: number;
}>;

/** Joins the searches of one strategy on one space that were made in parts. */
export function joined(parts: readonly Searched[]): readonly Searched[] {
  return grouped(parts, ({ space, strategy }) => `${space}\n${strategy}`).map((group) => ({
    ...group[0],
    curves: group.flatMap(({ curves }) => curves),
    endsMs: group[0].endsMs && group.flatMap(({ endsMs = [] }) => endsMs),
    cpuMs: group.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    modelCpuMs: group.reduce((sum, { modelCpuMs }) => sum + modelCpuMs, 0),
  }));
}

/**
 * A line for each budget. With a price, a trial takes so many milliseconds and the strategy's own time comes on top:
 * of a budget it does fewer trials.
 */
export function resultsOf(
  searched: Searched,
  budgets: readonly number[],
  trialMs = Number.POSITIVE_INFINITY,
): StrategyResult[] {
  const { space, family, strategy, baseline, curves, cpuMs, modelCpuMs } = searched;
  const trials = curves.reduce((sum, curve) => sum + curve.length, 0);
  const share = 1 / (1 + cpuMs / trials / trialMs);
  const reached = finite(median(curves.map(trialsTo95)));
  const score = baseline === undefined ? null : scoreOf(baseline, curves, trialsIn(searched, share));
  return budgets.map((budget) => {
    const fractions = curves.map((curve) => fractionAfter(curve, Math.floor(budget * share)));
    return {
      space,
      family,
      strategy,
      budget,
      fraction: mean(fractions),
      fractions,
      trialsTo95: reached,
      score,
      cpuMsPerTrial: cpuMs / trials,
      modelCpuMsPerTrial: modelCpuMs / trials,
    };
  });
}

/**
 * How many trials a search has done in the time of so many random ones: by a table's own times, on which the strategy's
 * come, or by the share of the trials that its own time leaves.
 */
function trialsIn({ baseline, curves, endsMs, cpuMs }: Searched, share: number) {
  const drawMs = baseline?.drawMs;
  if (endsMs === undefined || drawMs === undefined)
    return (_: number, draws: number) => Math.floor(draws * share);
  const ownMs = cpuMs / curves.reduce((sum, curve) => sum + curve.length, 0);
  return (search: number, draws: number) =>
    endsMs[search].filter((end, trial) => end + ownMs * (trial + 1) <= draws * drawMs).length;
}

/** Over the spaces of each family, and over all spaces where there are several families. */
export function summaryOf(results: readonly StrategyResult[]): SummaryLine[] {
  const families = grouped(results, ({ family }) => family);
  const ofFamilies = families.flatMap((of) => linesOf(of[0].family, of));
  return families.length === 1 ? ofFamilies : [...ofFamilies, ...linesOf(null, results)];
}

function linesOf(family: string | null, results: readonly StrategyResult[]): SummaryLine[] {
  const lines = grouped(results, ({ strategy, budget }) => `${strategy}\n${budget}`);
  return lines.map((line) => ({
    family,
    strategy: line[0].strategy,
    budget: line[0].budget,
    fraction: mean(line.map(({ fraction }) => fraction)),
    trialsTo95: finite(median(line.map((result) => result.trialsTo95 ?? Number.POSITIVE_INFINITY))),
    score: meanOfKnown(line.map((result) => result.score)),
    cpuMsPerTrial: mean(line.map((result) => result.cpuMsPerTrial)),
  }));
}

function meanOfKnown(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((score) => score !== null);
  return known.length === 0 ? null : mean(known);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
