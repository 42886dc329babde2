import type { Gain } from '../../../tuner/attribution/gain.ts';
import { element } from '../../languages/markup.ts';
import { middleCut } from '../../text/middle-cut.ts';
import { type Figure, forBothWidths, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScaleAcross, type Scale } from '../svg/scale.ts';
import { formatGain } from '../words/numbers.ts';
import { PHONE, WIDTH } from './_place.ts';
import { formatTick, tickWidth, whisker } from './ladder.ts';

/** The gain over the default of one study. */
export type GainRow = Readonly<{
  name: string;
  /** "1048576 f32": never shortened. */
  shape: string;
  target: string;
  gain: Gain;
}>;

const ROW = 26;
const RIGHT = 140;
const TOP = 6;
const GAP = 16;
/** Wider than other figures: it has the names of all studies. */
const BROAD = 1180;
/** A figure of more rows would be longer than a printed page, and its axis out of sight. */
const MOST_ROWS = 24;
/** The axis is at least so long. */
const LEAST_AXIS = 260;
/** Where there is no room for names and targets, longer targets are shortened first; the description has all in full. */
const SHORT_TARGET = 28 * TEXT_WIDTH;

/** Of a row on a narrow page: the name, what belongs to it, the dot. */
const LINE = 16;

/**
 * A dot for each study on one logarithmic axis, with its interval; the line at 1 is the default. Many rows make several
 * figures. On a phone, names stand above their dots.
 */
export function plotGains(id: string, rows: readonly GainRow[]): readonly Figure[] {
  const count = Math.ceil(rows.length / MOST_ROWS);
  return Array.from({ length: count }, (_, part) => {
    const shown = rows.slice(part * MOST_ROWS, (part + 1) * MOST_ROWS);
    const title = `Gain over the default, by study${count === 1 ? '' : ` (${part + 1} of ${count})`}`;
    return forBothWidths((page) => {
      const form = page === 'wide' ? wideForm(rows) : NARROW_FORM;
      const values = rows.flatMap(({ gain: { value, low, high } }) => [value, low ?? value, high ?? value]);
      const scale = logScaleAcross([1, 2, ...values], form.axis, page === 'wide' ? 6 : 4, tickWidth);
      return plotPart(part === 0 ? id : `${id}-${part + 1}`, title, shown, scale, form);
    });
  });
}

/** How rows look: how high they are, where in them the dot is, and their words. */
type Form = Readonly<{
  width: number;
  row: number;
  dot: number;
  axis: Readonly<{ from: number; to: number }>;
  words(row: GainRow, y: number, isAgain: boolean): readonly string[];
}>;

/** Pixels for the longest of each column, so that they never overlap. */
function wideForm(rows: readonly GainRow[]): Form {
  const longest = (text: (row: GainRow) => string): number =>
    Math.max(...rows.map((row) => text(row).length)) * TEXT_WIDTH;
  const [names, shapes, targets] = [
    longest(({ name }) => name),
    longest((row) => row.shape),
    longest((row) => row.target),
  ];
  const room = BROAD - RIGHT - LEAST_AXIS - 3 * GAP - shapes;
  const forTarget = names + targets <= room ? targets : Math.min(targets, SHORT_TARGET);
  const forName = Math.min(names, room - forTarget);
  const shape = forName + GAP;
  const left = Math.max(120, shape + shapes + GAP + forTarget + GAP);
  const cut = (text: string, pixels: number): string => middleCut(text, Math.round(pixels / TEXT_WIDTH));
  const width = Math.max(WIDTH, Math.min(BROAD, left + 0.75 * WIDTH));
  return {
    ...{ width, row: ROW, dot: ROW / 2, axis: { from: left, to: width - RIGHT } },
    words: (row, y, isAgain) => [
      label(0, y + ROW / 2 + 4, isAgain ? '' : cut(row.name, forName)),
      label(shape, y + ROW / 2 + 4, row.shape),
      label(left - 12, y + ROW / 2 + 4, cut(row.target, forTarget), {
        anchor: 'end',
        kind: 'soft',
      }),
      label(width, y + ROW / 2 + 4, formatGain(row.gain), { anchor: 'end', kind: 'strong' }),
    ],
  };
}

const NARROW_FORM: Form = Object.freeze<Form>({
  ...{ width: PHONE, row: 3.5 * LINE, dot: 2.75 * LINE, axis: { from: 6, to: PHONE - 12 } },
  words: ({ name, shape, target, gain }, y) => {
    const words = formatGain(gain);
    const room = (taken: string): number => Math.floor(PHONE / TEXT_WIDTH) - taken.length - 1;
    return [
      label(0, y + LINE, `${middleCut(name, room(shape))} ${shape}`),
      label(0, y + 2 * LINE, middleCut(target, room(words)), { kind: 'soft' }),
      label(PHONE, y + 2 * LINE, words, { anchor: 'end', kind: 'strong' }),
    ];
  },
});

function spanAround(y: number): Readonly<{ y1: number; y2: number }> {
  return { y1: y - LINE / 2, y2: y + LINE / 2 };
}

function plotPart(id: string, title: string, rows: readonly GainRow[], scale: Scale, form: Form): Figure {
  const bottom = TOP + rows.length * form.row;
  // Beside words a line goes all the way, below them in each row as far as its dot.
  const spans =
    form.dot === form.row / 2
      ? [{ y1: TOP, y2: bottom }]
      : rows.map((_, place) => spanAround(TOP + place * form.row + form.dot));
  const lineAt = (tick: number, kind: string): string =>
    spans
      .map((span) => element('line', { x1: scale.at(tick), x2: scale.at(tick), ...span, class: kind }))
      .join('');
  const grid = scale.ticks.map(
    (tick) =>
      lineAt(tick, 'grid') +
      label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
  );
  const drawn = rows.map((row, place) => {
    const { gain } = row;
    const top = TOP + place * form.row;
    const y = top + form.dot;
    const isAgain = place > 0 && rows[place - 1].name === row.name;
    return [
      ...form.words(row, top, isAgain),
      gain.low === null || gain.high === null ? '' : whisker(scale.at(gain.low), scale.at(gain.high), y),
      element('circle', { cx: scale.at(gain.value), cy: y, r: 4.5, class: 'dot' }),
    ].join('');
  });
  return {
    id,
    title,
    description: rows
      .map((row) => `${row.name} ${row.shape} on ${row.target}: ${formatGain(row.gain)}`)
      .join('; '),
    width: form.width,
    height: bottom + 24,
    body: [...grid, lineAt(1, 'axis'), ...drawn].join(''),
  };
}
