import { grouped } from './grouped.ts';
import type { Result, SummaryLine } from './results.ts';

/** A line a space and strategy, a column a budget; the means at the end. */
export function tableOf(results: readonly Result[], summary: readonly SummaryLine[]): string {
  const budgets = [...new Set(summary.map(({ budget }) => budget))];
  const head = ['space', 'strategy', ...budgets.map(String), 'to 95 %', 'CPU ms/trial', 'of it models'];
  const lines = grouped(results, ({ space, strategy }) => `${space}\n${strategy}`).map((line) => [
    line[0].space,
    line[0].strategy,
    ...line.map(({ fraction }) => fraction.toFixed(3)),
    shown(line[0].trialsTo95),
    line[0].cpuMsPerTrial.toFixed(2),
    line[0].modelCpuMsPerTrial.toFixed(2),
  ]);
  const means = grouped(summary, ({ strategy }) => strategy).map((line) => [
    'mean',
    line[0].strategy,
    ...line.map(({ fraction }) => fraction.toFixed(4)),
    shown(line[0].trialsTo95),
    '',
    '',
  ]);
  return aligned([head, ...lines, ...means]);
}

function shown(trials: number | null): string {
  return trials === null ? '-' : String(trials);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}
