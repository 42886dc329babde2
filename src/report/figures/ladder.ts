import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import {
  type Gain,
  type GainFigure,
  isKnown,
  knownOr,
  type TimeFigure,
} from '../../../tuner/attribution/gain.ts';
import { element } from '../../languages/markup.ts';
import { formatTimeUs, type TimeUnit } from '../../text/time-text.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { type Figure, forBothWidths, type PageWidth, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScaleAcross, tickText } from '../svg/scale.ts';
import { figureWords, formatGain, formatTime, unitOf } from '../words/numbers.ts';
import { addedBy, rungTitle } from '../words/rungs.ts';
import { PHONE, WIDTH } from './_place.ts';

/** A rung as a bar, from the speed-up of the rung below to its own. */
export type LadderStep = Readonly<{
  name: string;
  mechanism: 'vec' | 'mt' | 'db' | 'none';
  below: number;
  whole: GainFigure;
  /** Null for the first rung. */
  step: GainFigure | null;
  timeUs: TimeFigure;
}>;

export function ladderData(rungs: readonly LadderRung[]): readonly LadderStep[] {
  return rungs.map(({ gainOverPrevious, gainOverScalar, timeUs }, place) => ({
    name: rungTitle(rungs, place),
    mechanism: mechanismOf(addedBy(rungs, place)),
    below: Math.max(1, ...rungs.slice(0, place).map((each) => knownOr(each.gainOverScalar)?.value ?? 1)),
    whole: gainOverScalar,
    step: place === 0 ? null : gainOverPrevious,
    timeUs,
  }));
}

function mechanismOf(name: string): LadderStep['mechanism'] {
  return name === 'vec' || name === 'mt' || name === 'db' ? name : 'none';
}

const TOP = 8;
const GAP = 14;
/** Of a row: how high it is, and where in it the bar lies. */
const WIDE = Object.freeze({ row: 34, bar: 17 });
const NARROW = Object.freeze({ row: 68, bar: 32 });
/** Half the height of a bar. */
const HALF_BAR = 9;
/** Below the bar of a narrow row, and from there to the next line of words. */
const BELOW = 57;

/** The figures of a rung in words. */
type RungWords = Readonly<{ name: string; step: string; whole: string; time: string }>;

/** Where everything is: the bar from `axis.from` to `axis.to`, and the words of a row whose top is at `y`. */
type Form = Readonly<{
  width: number;
  row: number;
  bar: number;
  axis: Readonly<{ from: number; to: number }>;
  words(rung: RungWords, y: number): readonly string[];
  heads: readonly string[];
}>;

/** The speed-up over scalar code, rung by rung, on a logarithmic axis; whiskers are intervals. */
export function plotLadder(id: string, title: string, steps: readonly LadderStep[]): Figure {
  return forBothWidths((page) => plotFor(page, id, title, steps));
}

function plotFor(page: PageWidth, id: string, title: string, steps: readonly LadderStep[]): Figure {
  const wholes = steps.flatMap(({ whole }) =>
    isKnown(whole) ? [whole.value, whole.low ?? 1, whole.high ?? 1] : [],
  );
  const unit = unitOf(steps.map(({ timeUs }) => timeUs));
  const told = steps.map((step) => rungWords(step, unit));
  const bottom = TOP + steps.length * (page === 'wide' ? WIDE.row : NARROW.row);
  const form = page === 'wide' ? wideForm(told, bottom) : narrowForm();
  const scale = logScaleAcross([1, 2, ...wholes], form.axis, 5, tickWidth);
  const grid = scale.ticks.map((tick) =>
    [
      ...rowSpans(form, steps.length).map((span) =>
        element('line', { x1: scale.at(tick), x2: scale.at(tick), ...span, class: 'grid' }),
      ),
      label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
    ].join(''),
  );
  const rows = steps.map((step, place) => {
    const y = TOP + place * form.row;
    return [...form.words(told[place], y), drawWhole(step, y + form.bar, scale.at)].join('');
  });
  return {
    id,
    title,
    description: steps
      .map(
        ({ name, whole, step, timeUs }) =>
          `${name}: ${isKnown(timeUs) ? formatTimeUs(timeUs, unit) : reasonWords(timeUs)}${step === null ? '' : `, step ${figureWords(step)}, in all ${formatGain(whole)}`}`,
      )
      .join('; '),
    width: form.width,
    height: bottom + 24,
    body: [...grid, ...rows, ...form.heads].join(''),
  };
}

function rungWords({ name, step, whole, timeUs }: LadderStep, unit: TimeUnit): RungWords {
  return {
    name,
    step: step === null ? '' : formatGain(step),
    whole: step === null ? '' : formatGain(whole),
    time: isKnown(timeUs) ? formatTimeUs(timeUs, unit) : formatTime(timeUs, unit),
  };
}

/** Beside words the lines of the grid go all the way; on a narrow page they are in each row as long as its bar. */
function rowSpans({ row, bar }: Form, count: number): readonly Readonly<{ y1: number; y2: number }>[] {
  if (row === WIDE.row) return [{ y1: TOP, y2: TOP + count * row }];
  return Array.from({ length: count }, (_, place) => {
    const middle = TOP + place * row + bar;
    return { y1: middle - HALF_BAR - 3, y2: middle + HALF_BAR + 3 };
  });
}

/** A line for each rung: its name, its bar, and a column for each figure, as wide as its longest. */
function wideForm(told: readonly RungWords[], bottom: number): Form {
  const longest = (words: readonly string[]): number =>
    Math.max(...words.map((each) => each.length)) * TEXT_WIDTH;
  const time = WIDTH;
  const whole = time - longest([...told.map((each) => each.time), 'time']) - GAP;
  const step = whole - longest([...told.map((each) => each.whole), 'in all']) - GAP;
  const from = longest(told.map(({ name }) => name)) + GAP;
  const to = step - longest([...told.map((each) => each.step), 'step']) - GAP;
  const head = (x: number, words: string): string =>
    label(x, bottom + 16, words, { anchor: 'end', kind: 'tick' });
  return {
    ...{ ...WIDE, width: WIDTH, axis: { from, to } },
    words: (rung, y) => [
      label(from - GAP / 2, y + WIDE.bar + 4, rung.name, { anchor: 'end', kind: 'strong' }),
      label(step, y + WIDE.bar + 4, rung.step, { anchor: 'end', kind: 'strong' }),
      label(whole, y + WIDE.bar + 4, rung.whole, { anchor: 'end' }),
      label(time, y + WIDE.bar + 4, rung.time, { anchor: 'end' }),
    ],
    heads: [head(step, 'step'), head(whole, 'in all'), head(time, 'time')],
  };
}

/** Name and time above a rung's bar, its step and what it is worth in all below it. */
function narrowForm(): Form {
  const width = PHONE;
  const named = (name: string, figure: string): string => (figure === '' ? '' : `${name} ${figure}`);
  return {
    ...{ ...NARROW, width, axis: { from: 10, to: width - 10 }, heads: [] },
    words: ({ name, step, whole, time }, y) => [
      label(0, y + 16, name, { kind: 'strong' }),
      label(width, y + 16, time, { anchor: 'end' }),
      label(0, y + BELOW, named('step', step), { kind: 'soft' }),
      label(width, y + BELOW, named('in all', whole), { anchor: 'end', kind: 'soft' }),
    ],
  };
}

/** A bar; instead of it why there is none, but for the first rung, which has none. */
function drawWhole(
  { mechanism, below, whole, step, timeUs }: LadderStep,
  middle: number,
  at: (gain: number) => number,
): string {
  const start = { x1: at(1), x2: at(1), y1: middle - HALF_BAR - 3, y2: middle + HALF_BAR + 3, class: 'axis' };
  const axis = element('line', start);
  if (isKnown(whole)) return drawBar({ mechanism, below, whole }, middle, at) + axis;
  if (step === null && isKnown(timeUs)) return axis;
  const why = isKnown(timeUs) ? whole : timeUs;
  return label(at(1) + 8, middle + 4, `unknown, ${why.unknown}`, { kind: 'soft' }) + axis;
}

function drawBar(
  { mechanism, below, whole }: Pick<LadderStep, 'mechanism' | 'below'> & Readonly<{ whole: Gain }>,
  middle: number,
  at: (gain: number) => number,
): string {
  const value = Math.max(1, whole.value);
  const from = at(Math.min(below, value));
  const place = { y: middle - HALF_BAR, height: 2 * HALF_BAR };
  const kind = mechanism === 'none' ? 'below' : mechanism;
  return [
    element('rect', { x: at(1), width: from - at(1), ...place, class: 'below' }),
    element('rect', { x: from, width: Math.max(at(value) - from, 0), ...place, class: kind }),
    whole.low === null || whole.high === null
      ? ''
      : whisker(at(Math.max(1, whole.low)), at(whole.high), middle),
  ].join('');
}

export function whisker(from: number, to: number, y: number): string {
  return [
    element('line', { x1: from, x2: to, y1: y, y2: y, class: 'whisker' }),
    ...[from, to].map((x) => element('line', { x1: x, x2: x, y1: y - 4, y2: y + 4, class: 'whisker' })),
  ].join('');
}

export function formatTick(tick: number): string {
  return `${tickText(tick)}×`;
}

/** An upper estimate, in pixels. */
export function tickWidth(tick: number): number {
  return formatTick(tick).length * TEXT_WIDTH;
}
