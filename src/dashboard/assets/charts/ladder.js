import { draw, table } from '../dom.js';
import { gain, time, unitFor } from '../numbers.js';

/** @import { StudyData } from '../../served/data.js' */

/** @typedef {StudyData['ladders'][number]['steps'][number]} Step */

const HEIGHT = 20;

/**
 * A ladder: for each rung its bar on one logarithmic scale of the speed-up over scalar code, its step, what it is worth in all
 * and its time. Whiskers are intervals.
 * @param {StudyData['ladders'][number]} ladder
 */
export function ladderTable({ title, steps }) {
  const most = Math.max(
    2,
    ...steps.flatMap(({ whole }) => ('value' in whole ? [whole.high ?? whole.value] : [])),
  );
  const unit = unitFor(steps.map(({ timeUs }) => timeUs));
  const columns = [
    { title: 'rung' },
    { title: `1× to ${gain({ value: most, low: null, high: null })} (log)` },
    { title: 'step', number: true },
    { title: 'in all', number: true },
    { title: 'time', number: true },
  ];
  const rows = steps.map((step) => [
    step.name,
    { text: barOf(step, most), kind: 'drawn' },
    step.step === null ? '' : gain(step.step),
    step.step === null ? '' : gain(step.whole),
    time(step.timeUs, unit),
  ]);
  const caption = `Speed-up over scalar code, rung by rung${title.includes('one schedule') ? ', with one schedule' : ''}`;
  return table(caption, columns, rows, { isStacked: true });
}

/**
 * @param {Step} step
 * @param {number} most the speed-up at the right end
 */
function barOf({ mechanism, below, whole }, most) {
  const at = (/** @type {number} */ speedUp) => (100 * Math.log(Math.max(1, speedUp))) / Math.log(most);
  const percent = (/** @type {number} */ share) => `${share.toFixed(2)}%`;
  const svg = draw('svg', { class: 'figure rung', width: '100%', height: HEIGHT, 'aria-hidden': 'true' });
  if (!('value' in whole)) return svg;
  const { value, low, high } = whole;
  /** @type {(from: number, to: number, kind: string) => SVGRectElement} */
  const box = (from, to, kind) =>
    draw('rect', {
      x: percent(from),
      width: percent(Math.max(0, to - from)),
      y: 2,
      height: HEIGHT - 4,
      class: kind,
    });
  /** @type {(from: number, to: number, half: number) => SVGLineElement} */
  const line = (from, to, half) =>
    draw('line', {
      ...{ x1: percent(from), x2: percent(to), class: 'whisker' },
      ...{ y1: HEIGHT / 2 - half, y2: HEIGHT / 2 + half },
    });
  const from = at(Math.min(below, value));
  svg.append(box(0, from, 'below'), box(from, at(value), mechanism === 'none' ? 'below' : mechanism));
  if (low !== null && high !== null)
    svg.append(line(at(low), at(high), 0), line(at(low), at(low), 4), line(at(high), at(high), 4));
  return svg;
}
