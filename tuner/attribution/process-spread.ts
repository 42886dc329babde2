import type { Comparison } from '../../store/comparison.ts';
import { median } from '../measurement/statistics.ts';
import { withoutRoundEffects } from './round-effects.ts';

/** The pooled spread counts as much as so many processes of the variant's own. */
const PRIOR_PROCESSES = 4;

/**
 * How far the times of each variant are from what other processes would give, as a standard error of the logarithm: a
 * variant keeps its place in memory and its machine code for the life of a process, which rounds cannot average out.
 * One-way random effects (Searle, Casella & McCulloch 1992, §3.6), each variant's variance shrunk towards the mean of
 * all (Smyth 2004, §3), as few processes say little about one. Zeros for an ensemble or a single process.
 */
export function processSpread(comparison: Comparison): readonly number[] {
  const { roundsUs, roundsByProcess = [] } = comparison;
  const variants = roundsUs[0]?.length ?? 0;
  const logs = withoutRoundEffects(comparison);
  const processes = partsOf(logs, roundsByProcess);
  const spreads = Array.from({ length: variants }, (_, variant) =>
    spreadOf(processes.map((rows) => rows.flatMap((row) => row[variant] ?? []))),
  );
  const known = spreads.flatMap((spread) => spread ?? []);
  if (known.length === 0) return spreads.map(() => 0);
  const pooled = known.reduce((sum, { variance }) => sum + variance, 0) / known.length;
  return spreads.map((spread) => {
    const { variance, processes: count } = spread ?? { variance: pooled, processes: 1 };
    const own = count - 1;
    const shrunk = (own * variance + PRIOR_PROCESSES * pooled) / (own + PRIOR_PROCESSES);
    return studentFactor(own + PRIOR_PROCESSES) * Math.sqrt(Math.max(0, shrunk) / count);
  });
}

/** How much wider Student's central 95 % is than the normal one (Abramowitz & Stegun 1964, 26.7.5, first term). */
function studentFactor(freedom: number): number {
  return 1 + (1.96 ** 2 + 1) / (4 * freedom);
}

function partsOf<T>(rows: readonly T[], lengths: readonly number[]): readonly (readonly T[])[] {
  let from = 0;
  return lengths.map((length) => {
    from += length;
    return rows.slice(from - length, from);
  });
}

/** The variance between processes, which may come out below 0; undefined where fewer than two have enough rounds. */
function spreadOf(processes: readonly (readonly number[])[]) {
  const enough = processes.filter((logs) => logs.length >= 2);
  if (enough.length < 2) return undefined;
  const middles = enough.map(median);
  const within = enough.map((logs) => varianceOf(logs) / logs.length);
  const variance = varianceOf(middles) - (MEDIAN_VARIANCE * sum(within)) / within.length;
  return { variance, processes: enough.length };
}

/** The variance of a normal sample's median over that of its mean. */
const MEDIAN_VARIANCE = Math.PI / 2;

function varianceOf(numbers: readonly number[]): number {
  const mean = sum(numbers) / numbers.length;
  return sum(numbers.map((number) => (number - mean) ** 2)) / (numbers.length - 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
