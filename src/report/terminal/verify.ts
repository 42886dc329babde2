import { targetKinds } from '../../../store/target-kinds.ts';
import type { VerifyDocument } from '../../documents/verify.ts';
import { formatTime } from '../words/numbers.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { drawTable } from './table.ts';

/** A winner beside what it is compared with, and whether it is faster. */
export function drawVerify(document: VerifyDocument, paint: Paint): string {
  const { winner, against, from, sentence, notes } = document;
  const { label } = targetKinds[from];
  const rows = Object.entries(winner.configuration).map(([name, value]) => {
    const other = against.configuration[name];
    return [name, value === other ? String(value) : paint.green(String(value)), String(other)];
  });
  const times = [`µs ${label}`, formatTime(winner.timeUs), formatTime(against.timeUs)];
  const titles = ['parameter', 'winner', against.given];
  return [
    drawTitle(document, label, paint),
    `\n${drawTable({ titles, aligns: titles.map(() => 'left'), cells: [...rows, times] }, paint)}`,
    `\n${paint.bold(sentence)}\n`,
    ...notes.map((note) => `${paint.yellow(note)}\n`),
  ].join('');
}
