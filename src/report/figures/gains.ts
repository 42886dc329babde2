import type { Gain } from '../../../tuner/attribution/gain.ts';
import type { Figure } from '../svg/figure.ts';
import { element, label } from '../svg/markup.ts';
import { logScale } from '../svg/scale.ts';
import { formatGain } from '../terminal/numbers.ts';
import { WIDTH } from './_place.ts';
import { formatTick, whisker } from './ladder.ts';

/** The gain over the default of one study. */
export type GainRow = Readonly<{ name: string; target: string; gain: Gain }>;

const ROW = 26;
const LEFT = 250;
const RIGHT = 140;
const TOP = 6;

/** A dot a study on one logarithmic axis, with its interval; the line is the default. */
export function drawGains(id: string, rows: readonly GainRow[]): Figure {
  const values = rows.flatMap(({ gain: { value, low, high } }) => [value, low ?? value, high ?? value]);
  const scale = logScale([1, 2, ...values], { from: LEFT, to: WIDTH - RIGHT }, 6);
  const bottom = TOP + rows.length * ROW;
  const grid = scale.ticks.map(
    (tick) =>
      element('line', { x1: scale.at(tick), x2: scale.at(tick), y1: TOP, y2: bottom, class: 'grid' }) +
      label(scale.at(tick), bottom + 16, formatTick(tick), { anchor: 'middle', kind: 'tick' }),
  );
  const drawn = rows.map(({ name, target, gain }, place) => {
    const y = TOP + place * ROW + ROW / 2;
    return [
      label(0, y + 4, name),
      label(LEFT - 12, y + 4, target, { anchor: 'end', kind: 'soft' }),
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
