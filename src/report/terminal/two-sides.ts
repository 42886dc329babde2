import { targetKinds } from '../../../store/target-kinds.ts';
import type { AbDocument } from '../../documents/ab.ts';
import type { VerifyDocument } from '../../documents/verify.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { drawTable } from './table.ts';

/** A configuration under its title, with its time as text. */
export type DrawnSide = Readonly<{
  title: string;
  configuration: AbDocument['a']['configuration'];
  time: string;
}>;

/** Two configurations side by side, with the sentence on their difference; `highlighted` is the one whose differences stand out. */
export function drawTwoSides(
  document: AbDocument | VerifyDocument,
  sides: readonly [DrawnSide, DrawnSide],
  highlighted: 0 | 1,
  paint: Paint,
): string {
  const { from, sentence, notes } = document;
  const { label } = targetKinds[from];
  const rows = Object.keys(sides[0].configuration).map((name) => {
    const values = sides.map(({ configuration }) => configuration[name]);
    const differs = values[0] !== values[1];
    return [
      name,
      ...values.map((value, place) =>
        differs && place === highlighted ? paint.green(String(value)) : String(value),
      ),
    ];
  });
  const times = [`µs ${label}`, ...sides.map(({ time }) => time)];
  const titles = ['parameter', ...sides.map(({ title }) => title)];
  return [
    drawTitle(document, label, paint),
    `\n${drawTable({ titles, aligns: titles.map(() => 'left'), cells: [...rows, times] }, paint)}`,
    `\n${paint.bold(sentence)}\n`,
    ...notes.map((note) => `${paint.yellow(note)}\n`),
  ].join('');
}
