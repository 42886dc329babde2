import { targetKinds } from '../../../store/target-kinds.ts';
import type { AbDocument } from '../../documents/ab.ts';
import { formatMicroseconds } from '../words/numbers.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { drawTable } from './table.ts';

/** Two configurations side by side, with the sentence on their difference. */
export function drawAb(document: AbDocument, paint: Paint): string {
  const { a, b, from, sentence, notes } = document;
  const { label } = targetKinds[from];
  const rows = Object.entries(a.configuration).map(([name, value]) => {
    const other = b.configuration[name];
    return [name, String(value), value === other ? String(other) : paint.green(String(other))];
  });
  const times = [`µs ${label}`, formatMicroseconds(a.timeUs), formatMicroseconds(b.timeUs)];
  const titles = ['parameter', 'a', 'b'];
  return [
    drawTitle(document, label, paint),
    `\n${drawTable({ titles, aligns: titles.map(() => 'left'), cells: [...rows, times] }, paint)}`,
    `\n${paint.bold(sentence)}\n`,
    ...notes.map((note) => `${paint.yellow(note)}\n`),
  ].join('');
}
