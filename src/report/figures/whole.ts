import { element } from '../../languages/markup.ts';
import { formatTimeUs, timeUnitFor } from '../../text/time-text.ts';
import type { ModelGain } from '../story/model-gain.ts';
import { type Figure, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';

const WIDTH = 1000;
const LEFT = 60;
/** For the sum at the end of a bar. */
const RIGHT = 90;
const BAR = 34;
const GAP = 30;
const TOP = 20;

/** A whole model as one bar, by default above and tuned below, on one scale: a kernel is as wide as all its calls take. */
export function plotWhole(id: string, { target, rows, defaultUs, bestUs }: ModelGain): Figure {
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(defaultUs, bestUs);
  const unit = timeUnitFor([defaultUs, bestUs]);
  const bar = (name: string, which: 'defaultUs' | 'bestUs', y: number): string => {
    let x = LEFT;
    const kernels = rows.map(({ kernel, calls, ...times }, place) => {
      const wide = calls * times[which] * scale;
      x += wide;
      const fits = kernel.length * TEXT_WIDTH <= wide;
      return [
        element('rect', {
          x: x - wide,
          y,
          width: wide,
          height: BAR,
          class: place % 2 === 0 ? 'bar' : 'shade',
        }),
        fits ? label(x - wide + 2, y - 5, kernel, { kind: 'tick' }) : '',
      ].join('');
    });
    const whole = which === 'defaultUs' ? defaultUs : bestUs;
    const middle = y + BAR / 2 + 4;
    return [
      label(LEFT - 8, middle, name, { anchor: 'end', kind: 'strong' }),
      ...kernels,
      label(x + 8, middle, formatTimeUs(whole, unit), { kind: 'strong' }),
    ].join('');
  };
  return {
    id,
    title: `The whole model on ${target}, by default and tuned`,
    description: rows
      .map(
        ({ kernel, calls, ...times }) =>
          `${kernel}: ${formatTimeUs(calls * times.defaultUs, unit)} → ${formatTimeUs(calls * times.bestUs, unit)}`,
      )
      .join('; '),
    width: WIDTH,
    height: TOP + 2 * BAR + GAP + 8,
    body: bar('default', 'defaultUs', TOP) + bar('tuned', 'bestUs', TOP + BAR + GAP),
  };
}
