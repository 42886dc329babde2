import { grouped } from './grouped.ts';
import { type Curve, fractionAfter, trialsTo95 } from './search-table.ts';

/** The searches of one strategy on one space with all seeds. */
export type Searched = Readonly<{
  space: string;
  strategy: string;
  curves: readonly Curve[];
  cpuMs: number;
  /** The part of `cpuMs` spent on models of the study. */
  modelCpuMs: number;
}>;

/** One line of the comparison. `fraction`: mean over the seeds of optimum ÷ best found. */
export type StrategyResult = Readonly<{
  space: string;
  strategy: string;
  budget: number;
  fraction: number;
  /** Median over the seeds of the trials to 95 % of the optimum, independent of this line's budget; null if not reached. */
  trialsTo95: number | null;
  cpuMsPerTrial: number;
  /** The part of `cpuMsPerTrial` spent on models of the study. */
  modelCpuMsPerTrial: number;
}>;

/** Means over the spaces; `trialsTo95` is the median over the spaces of their medians. */
export type SummaryLine = Readonly<{
  strategy: string;
  budget: number;
  fraction: number;
  trialsTo95: number | null;
}>;

export function resultsOf(searched: Searched, budgets: readonly number[]): StrategyResult[] {
  const { space, strategy, curves, cpuMs, modelCpuMs } = searched;
  const trials = curves.reduce((sum, curve) => sum + curve.length, 0);
  const reached = finite(median(curves.map(trialsTo95)));
  return budgets.map((budget) => ({
    space,
    strategy,
    budget,
    fraction: mean(curves.map((curve) => fractionAfter(curve, budget))),
    trialsTo95: reached,
    cpuMsPerTrial: cpuMs / trials,
    modelCpuMsPerTrial: modelCpuMs / trials,
  }));
}

export function summaryOf(results: readonly StrategyResult[]): SummaryLine[] {
  const lines = grouped(results, ({ strategy, budget }) => `${strategy}\n${budget}`);
  return lines.map((line) => ({
    strategy: line[0].strategy,
    budget: line[0].budget,
    fraction: mean(line.map(({ fraction }) => fraction)),
    trialsTo95: finite(median(line.map((result) => result.trialsTo95 ?? Number.POSITIVE_INFINITY))),
  }));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
