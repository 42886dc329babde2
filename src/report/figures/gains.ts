import type { Gain } from '../../../tuner/attribution/gain.ts';
import { element } from '../../languages/markup.ts';
import type { Figure } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { logScale } from '../svg/scale.ts';
import { formatGain } from '../words/numbers.ts';
import { WIDTH } from './_place.ts';
import { formatTick, whisker } from './ladder.ts';

/** The gain over the default of one study. */
export type GainRow = Readonly<{ name: string; target: string; gain: Gain }>;

const ROW = 26;
const RIGHT = 140;
const TOP = 6;

/** A dot for each study on one logarithmic axis, with its interval; the line at 1 is the default. */
export function plotGains(id: string, rows: readonly GainRow[]): Figure {
  const values = rows.flatMap(({ gain: { value, low, high } }) => [value, low ?? value, high ?? value]);
  const left = roomFor(rows);
  const scale = logScale([1, 2, ...values], { from: left, to: WIDTH - RIGHT }, 6);
  const bottom = TOP + rows.length * ROW;
  const grid = scale.ticks.map(
    (tick) =>
      element('line', { x1: scale.at(tick), x2: scale.at(tick), y1: TOP, y2: bottom, class: 'grid' }) +
      label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
  );
  const drawn = rows.map(({ name, target, gain }, place) => {
    const y = TOP + place * ROW + ROW / 2;
    return [
      label(0, y + 4, middleCut(name, LONGEST_NAME)),
      label(left - 12, y + 4, middleCut(target, LONGEST_TARGET), { anchor: 'end', kind: 'soft' }),
      gain.low === null || gain.high === null ? '' : whisker(scale.at(gain.low), scale.at(gain.high), y),
      element('circle', { cx: scale.at(gain.value), cy: y, r: 4.5, class: 'dot' }),
      label(WIDTH, y + 4, formatGain(gain), { anchor: 'end', kind: 'strong' }),
    ].join('');
  });
  const one = element('line', { x1: scale.at(1), x2: scale.at(1), y1: TOP, y2: bottom, class: 'axis' });
  return {
    id,
    title: 'Gain over the default, by study',
    description: rows.map(({ name, target, gain }) => `${name} on ${target}: ${formatGain(gain)}`).join('; '),
    width: WIDTH,
    height: bottom + 24,
    body: [...grid, one, ...drawn].join(''),
  };
}

/** Longer names are shortened in the figure; the description has them in full. */
const LONGEST_NAME = 28;
const LONGEST_TARGET = 18;
/** An upper estimate of a character's width, in pixels: text is not measured here. */
const CHARACTER = 6.9;

/** Pixels for the longest pair of name and target, so that they never overlap. */
function roomFor(rows: readonly GainRow[]): number {
  const lengths = rows.map(
    ({ name, target }) => Math.min(name.length, LONGEST_NAME) + Math.min(target.length, LONGEST_TARGET),
  );
  return Math.max(120, Math.max(...lengths) * CHARACTER + 30);
}

function middleCut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
