import type { ComparedPackets } from '../count-packets/model.ts';
import type { JudgedRow } from './left-out.ts';
import { markdownTable } from './markdown-table.ts';

/** The published gains beside the simulator's, each judged by a fit without it. */
export function ladderTable(judged: readonly JudgedRow[]): string {
  const rows = judged.map(({ row, simulated, low, high, holds }) => [
    row.id,
    row.other === undefined
      ? row.published.toFixed(2)
      : `${row.published.toFixed(2)}, or ${row.other.toFixed(2)}`,
    simulated.toFixed(2),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
    (high / low).toFixed(2),
    holds ? (row.other === undefined ? 'yes' : `yes (${row.published.toFixed(2)})`) : 'no',
    row.trust,
  ]);
  const head = ['figure', 'published', 'simulated without it', 'interval', 'width', 'holds it', 'trust'];
  return markdownTable(head, rows).join('\n');
}

/** Packets that clang makes beside those that the simulator counts, interleaved once and four times. */
export function packetTable(compared: readonly ComparedPackets[]): string {
  const columns = [
    ['qfloat', 1],
    ['qfloat', 4],
    ['ieee', 1],
    ['ieee', 4],
    ['scalar', 1],
    ['scalar', 'as clang chooses'],
  ] as const;
  const cell = (op: string, [code, interleave]: (typeof columns)[number]) => {
    const found = compared.find((row) => row.op === op && row.code === code && row.interleave === interleave);
    return found === undefined ? '' : `${shown(found.simulated)} of ${shown(found.counted)}`;
  };
  const ops = [...new Set(compared.map(({ op }) => op))];
  const head = ['loop', ...columns.map(([code, interleave]) => `${code}, ${interleave}`)];
  return markdownTable(
    head,
    ops.map((op) => [op, ...columns.map((column) => cell(op, column))]),
  ).join('\n');
}

function shown(packets: number): string {
  return packets < 1 ? packets.toFixed(3) : packets.toFixed(1);
}
