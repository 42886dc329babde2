import { targetKinds } from '../../../store/target-kinds.ts';
import type { TimeFigure } from '../../../tuner/attribution/gain.ts';
import type { AbDocument } from '../../documents/ab.ts';
import type { VerifyDocument } from '../../documents/verify.ts';
import { formatTime, unitOf } from '../words/numbers.ts';
import { drawWithin } from './fit.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { wrapped } from './width.ts';

/** A configuration under its title, with its time. */
export type DrawnSide = Readonly<{
  title: string;
  configuration: AbDocument['a']['configuration'];
  timeUs: TimeFigure;
}>;

/** Two configurations side by side, with the sentence on their difference; `highlighted` is the one whose differences stand out. */
export function drawTwoSides(
  document: AbDocument | VerifyDocument,
  sides: readonly [DrawnSide, DrawnSide],
  highlighted: 0 | 1,
  columns: number,
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
  const unit = unitOf(sides.map(({ timeUs }) => timeUs));
  const times = [`${unit.name} ${label}`, ...sides.map(({ timeUs }) => formatTime(timeUs, unit))];
  const titles = ['parameter', ...sides.map(({ title }) => title)];
  const aligns = titles.map((_, place) => (place === 0 ? 'left' : 'right'));
  return [
    drawTitle(document, label, paint),
    `\n${drawWithin({ titles, aligns, cells: [...rows, times] }, columns, paint)}`,
    `\n${wrapped(paint.bold(sentence), columns)}`,
    ...notes.map((note) => wrapped(paint.yellow(note), columns)),
  ].join('');
}
