import type { EnvelopeLine } from './envelope.ts';
import { grouped } from './grouped.ts';
import type { PeerLine } from './peers.ts';
import type { StrategyResult, SummaryLine } from './results.ts';

/** A line for each space and strategy, a column for each budget; the means at the end. */
export function tableOf(results: readonly StrategyResult[], summary: readonly SummaryLine[]): string {
  const budgets = [...new Set(summary.map(({ budget }) => budget))];
  const head = [
    'space',
    'strategy',
    ...budgets.map(String),
    'to 95 %',
    'score',
    'CPU ms/trial',
    'of it models',
  ];
  const lines = grouped(results, ({ space, strategy }) => `${space}\n${strategy}`).map((line) => [
    line[0].space,
    line[0].strategy,
    ...line.map(({ fraction }) => fraction.toFixed(3)),
    shown(line[0].trialsTo95),
    scored(line[0].score),
    line[0].cpuMsPerTrial.toFixed(2),
    line[0].modelCpuMsPerTrial.toFixed(2),
  ]);
  const means = grouped(summary, ({ family, strategy }) => `${family}\n${strategy}`).map((line) => [
    line[0].family === null ? 'mean' : `mean ${line[0].family}`,
    line[0].strategy,
    ...line.map(({ fraction }) => fraction.toFixed(4)),
    shown(line[0].trialsTo95),
    scored(line[0].score),
    line[0].cpuMsPerTrial.toFixed(2),
    '',
  ]);
  return aligned([head, ...lines, ...means]);
}

/** A line for each peer, with its result / our result on the same spaces; a column for each budget. */
export function peerTableOf(lines: readonly PeerLine[]): string {
  const budgets = [...new Set(lines.map(({ budget }) => budget))].sort((a, b) => a - b);
  const head = ['peer', 'against', 'spaces', ...budgets.map(String)];
  const rows = grouped(lines, ({ peer, strategy }) => `${peer}\n${strategy}`).map((line) => [
    line[0].peer,
    line[0].strategy,
    String(Math.max(...line.map(({ spaces }) => spaces))),
    ...budgets.map((budget) => bothFractions(line.find((one) => one.budget === budget))),
  ]);
  return aligned([head, ...rows]);
}

/** A line for each family and strategy: its result / the envelope / the fair one, and where it is farthest behind the first. */
export function envelopeTableOf(lines: readonly EnvelopeLine[]): string {
  const budgets = [...new Set(lines.map(({ budget }) => budget))].sort((a, b) => a - b);
  const head = [
    'family',
    'beside envelope and fair one',
    'spaces',
    ...budgets.map(String),
    'farthest behind',
  ];
  const rows = grouped(lines, ({ family, strategy }) => `${family}\n${strategy}`).map((line) => {
    const { worst, budget } = line.reduce((a, b) => (b.worst.behind > a.worst.behind ? b : a));
    return [
      line[0].family,
      line[0].strategy,
      String(Math.max(...line.map(({ spaces }) => spaces))),
      ...budgets.map((one) => {
        const at = line.find((cell) => cell.budget === one);
        if (at === undefined) return '-';
        const beside = [at.fraction, at.envelope, at.fair];
        return beside.map((value) => value?.toFixed(3) ?? '-').join(' / ');
      }),
      `${worst.behind.toFixed(3)} after ${budget}: ${worst.space}`,
    ];
  });
  return aligned([head, ...rows]);
}

function bothFractions(line: PeerLine | undefined): string {
  return line === undefined ? '-' : `${line.peerFraction.toFixed(3)} / ${line.fraction.toFixed(3)}`;
}

function scored(score: number | null): string {
  return score === null ? '-' : score.toFixed(3);
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
