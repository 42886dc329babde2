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
import type { Figure } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScale } from '../svg/scale.ts';
import { figureWords, formatFactor, formatGain, formatTime, unitOf } from '../words/numbers.ts';
import { addedBy, rungTitle } from '../words/rungs.ts';
import { WIDTH } from './_place.ts';

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

const ROW = 34;
const LEFT = 64;
const RIGHT = 190;
const TOP = 8;

/** The speed-up over scalar code, rung by rung, on a logarithmic axis; whiskers are intervals. */
export function plotLadder(id: string, title: string, steps: readonly LadderStep[]): Figure {
  const wholes = steps.flatMap(({ whole }) =>
    isKnown(whole) ? [whole.value, whole.low ?? 1, whole.high ?? 1] : [],
  );
  const scale = logScale([1, 2, ...wholes], { from: LEFT, to: WIDTH - RIGHT }, 5);
  const unit = unitOf(steps.map(({ timeUs }) => timeUs));
  const bottom = TOP + steps.length * ROW;
  const grid = scale.ticks.map((tick) =>
    [
      element('line', { x1: scale.at(tick), x2: scale.at(tick), y1: TOP, y2: bottom, class: 'grid' }),
      label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
    ].join(''),
  );
  const rows = steps.map((step, place) => drawStep(step, TOP + place * ROW, scale.at, unit));
  const head = label(WIDTH - RIGHT + 14, bottom + 16, 'step · time', { kind: 'tick' });
  return {
    id,
    title,
    description: steps
      .map(
        ({ name, whole, step, timeUs }) =>
          `${name}: ${isKnown(timeUs) ? formatTimeUs(timeUs, unit) : reasonWords(timeUs)}${step === null ? '' : `, step ${figureWords(step)}, in all ${formatGain(whole)}`}`,
      )
      .join('; '),
    width: WIDTH,
    height: bottom + 24,
    body: [...grid, ...rows, head].join(''),
  };
}

function drawStep(
  { name, mechanism, below, whole, step, timeUs }: LadderStep,
  y: number,
  at: (gain: number) => number,
  unit: TimeUnit,
) {
  const middle = y + ROW / 2;
  return [
    label(LEFT - 10, middle + 4, name, { anchor: 'end', kind: 'strong' }),
    drawWhole({ mechanism, below, whole, step, timeUs }, y, at),
    element('line', { x1: at(1), x2: at(1), y1: y, y2: y + ROW, class: 'axis' }),
    label(WIDTH - RIGHT + 14, middle + 4, step === null ? '' : shortStep(step), { kind: 'strong' }),
    label(WIDTH, middle + 4, isKnown(timeUs) ? formatTimeUs(timeUs, unit) : formatTime(timeUs, unit), {
      anchor: 'end',
    }),
  ].join('');
}

/** A bar; instead of it why there is none, but for the first rung, which has none. */
function drawWhole(
  { mechanism, below, whole, step, timeUs }: Omit<LadderStep, 'name'>,
  y: number,
  at: (gain: number) => number,
): string {
  if (isKnown(whole)) return drawBar({ mechanism, below, whole }, y, at);
  if (step === null && isKnown(timeUs)) return '';
  const why = isKnown(timeUs) ? whole : timeUs;
  return label(at(1) + 8, y + ROW / 2 + 4, `unknown, ${why.unknown}`, { kind: 'soft' });
}

function shortStep(step: GainFigure): string {
  return isKnown(step) ? formatFactor(step.value) : formatGain(step);
}

function drawBar(
  { mechanism, below, whole }: Pick<LadderStep, 'mechanism' | 'below'> & Readonly<{ whole: Gain }>,
  y: number,
  at: (gain: number) => number,
): string {
  const value = Math.max(1, whole.value);
  const from = at(Math.min(below, value));
  return [
    element('rect', { x: at(1), y: y + 8, width: from - at(1), height: ROW - 16, class: 'below' }),
    element('rect', {
      x: from,
      y: y + 8,
      width: Math.max(at(value) - from, 0),
      height: ROW - 16,
      class: mechanism === 'none' ? 'below' : mechanism,
    }),
    whole.low === null || whole.high === null
      ? ''
      : whisker(at(Math.max(1, whole.low)), at(whole.high), y + ROW / 2),
  ].join('');
}

export function whisker(from: number, to: number, y: number): string {
  return [
    element('line', { x1: from, x2: to, y1: y, y2: y, class: 'whisker' }),
    ...[from, to].map((x) => element('line', { x1: x, x2: x, y1: y - 4, y2: y + 4, class: 'whisker' })),
  ].join('');
}

export function formatTick(tick: number): string {
  return `${tick >= 1000 ? tick.toLocaleString('en-US') : String(tick)}×`;
}
