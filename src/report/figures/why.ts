import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { WhyStep, WhyWay } from '../../answers/why/step.ts';
import { element } from '../../languages/markup.ts';
import { middleCut } from '../../text/middle-cut.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { type Figure, forBothWidths, type PageWidth, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScaleAcross } from '../svg/scale.ts';
import { changesOf, changeWords, effectsOf, stepGain, wayUnit } from '../words/why.ts';
import { PHONE, WIDTH } from './_place.ts';
import { formatTick, tickWidth } from './ladder.ts';

const ROW = 28;
/** Of what changes together with the first parameter of a row. */
const LINE = 15;
const RIGHT = 190;
const TOP = 8;
/** Longer changes are shortened in the figure; the description has them in full. */
const LONGEST = 34;

/** Where a row's parts are: its words, and the bar between `axis.from` and `axis.to`, so far below the top of the row. */
type Form = Readonly<{
  width: number;
  row: number;
  bar: number;
  axis: Readonly<{ from: number; to: number }>;
  words(row: Row, y: number): readonly string[];
}>;
/** The changes of a row below each other, its step's gain, and the time after it. */
type Row = Readonly<{ names: readonly string[]; gain: string; time: string }>;

/** A waterfall of speed-ups, a row for each change from the default to the configuration to use. */
export function plotWhy(id: string, way: WhyWay): Figure | undefined {
  if (effectsOf(way).told.length === 0) return undefined;
  return forBothWidths((page) => plotFor(page, id, way));
}

function plotFor(page: PageWidth, id: string, way: WhyWay): Figure {
  const { told } = effectsOf(way);
  const unit = wayUnit(way);
  const speedUps = told.map(({ timeUs }) => (isKnown(timeUs) ? way.startUs / timeUs : null));
  const timeText = (timeUs: WhyStep['timeUs']): string =>
    isKnown(timeUs) ? formatTimeUs(timeUs, unit) : 'unknown';
  const rows: readonly Row[] = [
    { names: ['default'], gain: '', time: timeText(way.startUs) },
    ...told.map((step) => ({
      names: changesOf(step).map((name) => middleCut(name, LONGEST)),
      gain: stepGain(step),
      time: timeText(step.timeUs),
    })),
  ];
  const form = page === 'wide' ? wideForm(rows) : NARROW_FORM;
  const tops = [...rows.keys(), rows.length].map((count) =>
    rows.slice(0, count).reduce((sum, { names }) => sum + form.row + (names.length - 1) * LINE, TOP),
  );
  const bottom = tops[rows.length];
  const scale = logScaleAcross([1, 2, ...speedUps.flatMap((value) => value ?? [])], form.axis, 5, tickWidth);
  const barOf = (place: number): number =>
    tops[place] + form.bar + (page === 'wide' ? 0 : (rows[place].names.length - 1) * LINE);
  const spans =
    page === 'wide'
      ? [{ y1: TOP, y2: bottom }]
      : told.map((_, place) => ({ y1: barOf(place + 1) - 11, y2: barOf(place + 1) + 11 }));
  const grid = scale.ticks.map(
    (tick) =>
      spans
        .map((span) => element('line', { x1: scale.at(tick), x2: scale.at(tick), ...span, class: 'grid' }))
        .join('') + label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
  );
  const drawn = rows.map((row, place) =>
    [
      ...form.words(row, tops[place]),
      place === 0 ? '' : piece(told, speedUps, place - 1, scale.at, barOf(place)),
    ].join(''),
  );
  return {
    id,
    title: 'Why this one: from the default, one parameter at a time',
    description: [
      `The default takes ${formatTimeUs(way.startUs, unit)}`,
      ...told.map((step) => `${changeWords(step)}: ${stepGain(step)}, ${timeText(step.timeUs)}`),
    ].join('; '),
    width: form.width,
    height: bottom + 24,
    body: [...grid, ...drawn].join(''),
  };
}

function wideForm(rows: readonly Row[]): Form {
  const left = Math.max(...rows.flatMap(({ names }) => names).map((name) => name.length)) * TEXT_WIDTH + 10;
  return {
    ...{ width: WIDTH, row: ROW, bar: ROW / 2, axis: { from: left, to: WIDTH - RIGHT } },
    words: ({ names, gain, time }, y) => [
      ...names.map((name, line) => label(left - 10, y + ROW / 2 + 4 + line * LINE, name, { anchor: 'end' })),
      label(WIDTH - RIGHT + 14, y + ROW / 2 + 4, gain, { kind: 'strong' }),
      label(WIDTH, y + ROW / 2 + 4, time, { anchor: 'end' }),
    ],
  };
}

/** The changes and figures of a row above its bar; the default has none. */
const NARROW_FORM: Form = Object.freeze<Form>({
  ...{ width: PHONE, row: 46, bar: 33, axis: { from: 10, to: PHONE - 10 } },
  words: ({ names, gain, time }, y) => {
    const figures = [gain, time].filter((text) => text !== '').join(' · ');
    const room = Math.floor(PHONE / TEXT_WIDTH) - figures.length - 2;
    return [
      ...names.map((name, line) => label(0, y + 15 + line * LINE, middleCut(name, room))),
      label(PHONE, y + 15, figures, { anchor: 'end', kind: 'strong' }),
    ];
  },
});

/** The part of the speed-up that a step adds, or takes; what is predicted has an outline only. */
function piece(
  told: readonly WhyStep[],
  speedUps: readonly (number | null)[],
  place: number,
  at: (speedUp: number) => number,
  middle: number,
): string {
  const before = place === 0 ? 1 : (speedUps[place - 1] ?? 1);
  const after = speedUps[place];
  if (after === null) return '';
  const [from, to] = [at(Math.min(before, after)), at(Math.max(before, after))];
  const kind = after < before ? 'worse' : told[place].how === 'predicted' ? 'outline' : 'bar';
  return element('rect', { x: from, y: middle - 8, width: Math.max(1, to - from), height: 16, class: kind });
}
