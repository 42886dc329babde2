import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { WhyStep, WhyWay } from '../../answers/why/step.ts';
import { element } from '../../languages/markup.ts';
import { middleCut } from '../../text/middle-cut.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { type Figure, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScale } from '../svg/scale.ts';
import { changesOf, changeWords, effectsOf, stepGain, wayUnit } from '../words/why.ts';
import { WIDTH } from './_place.ts';
import { formatTick } from './ladder.ts';

const ROW = 28;
/** Of what changes together with the first parameter of a row. */
const LINE = 15;
const RIGHT = 190;
const TOP = 8;
/** Longer changes are shortened in the figure; the description has them in full. */
const LONGEST = 34;

/** A waterfall of speed-ups, a row for each change from the default to the configuration to use. */
export function plotWhy(id: string, way: WhyWay): Figure | undefined {
  const { told } = effectsOf(way);
  if (told.length === 0) return undefined;
  const unit = wayUnit(way);
  const speedUps = told.map(({ timeUs }) => (isKnown(timeUs) ? way.startUs / timeUs : null));
  const names = [['default'], ...told.map((step) => changesOf(step).map((name) => middleCut(name, LONGEST)))];
  const left = Math.max(...names.flat().map((name) => name.length)) * TEXT_WIDTH + 10;
  const tops = names.map((_, place) =>
    names.slice(0, place).reduce((sum, { length }) => sum + ROW + (length - 1) * LINE, TOP),
  );
  const scale = logScale(
    [1, 2, ...speedUps.flatMap((value) => value ?? [])],
    { from: left, to: WIDTH - RIGHT },
    5,
  );
  const bottom = tops[tops.length - 1] + ROW + (names[names.length - 1].length - 1) * LINE;
  const grid = scale.ticks.map(
    (tick) =>
      element('line', { x1: scale.at(tick), x2: scale.at(tick), y1: TOP, y2: bottom, class: 'grid' }) +
      label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
  );
  const times = [way.startUs, ...told.map(({ timeUs }) => (isKnown(timeUs) ? timeUs : null))];
  const rows = names.map((lines, place) => {
    const middle = tops[place] + ROW / 2;
    const timeUs = times[place];
    return [
      ...lines.map((name, line) => label(left - 10, middle + 4 + line * LINE, name, { anchor: 'end' })),
      place === 0 ? '' : piece(told, speedUps, place - 1, scale.at, middle),
      place === 0 ? '' : label(WIDTH - RIGHT + 14, middle + 4, stepGain(told[place - 1]), { kind: 'strong' }),
      label(WIDTH, middle + 4, timeUs === null ? 'unknown' : formatTimeUs(timeUs, unit), { anchor: 'end' }),
    ].join('');
  });
  return {
    id,
    title: 'Why this one: from the default, one parameter at a time',
    description: [
      `The default takes ${formatTimeUs(way.startUs, unit)}`,
      ...told.map(
        (step) =>
          `${changeWords(step)}: ${stepGain(step)}, ${isKnown(step.timeUs) ? formatTimeUs(step.timeUs, unit) : 'unknown'}`,
      ),
    ].join('; '),
    width: WIDTH,
    height: bottom + 24,
    body: [...grid, ...rows].join(''),
  };
}

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
