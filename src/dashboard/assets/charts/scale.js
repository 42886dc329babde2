import { time } from '../numbers.js';

/**
 * An axis: how its values are placed and written. `words` has a place for each of a list of values.
 * @typedef {Readonly<{ title: string, kind: 'linear' | 'log' | 'words', text: (value: number) => string }>} Axis
 */
/** @typedef {Readonly<{ at: (value: number) => number, back: (pixel: number) => number, ticks: readonly number[] }>} Scale */

/**
 * An axis of times, whose ticks are in the unit of what is drawn.
 * @param {string} title
 * @param {import('../numbers.js').Unit} unit
 * @returns {Axis}
 */
export function timeAxis(title, unit) {
  return { title, kind: 'log', text: (timeUs) => time(timeUs, unit) };
}

/**
 * The place of values between two pixels.
 * @param {Axis} axis
 * @param {readonly [number, number]} range
 * @param {readonly [number, number]} pixels
 * @param {number} most the most ticks
 * @returns {Scale}
 */
export function scaleOf({ kind }, [low, high], [from, to], most) {
  const turn = kind === 'log' ? Math.log : Number;
  const unturn = kind === 'log' ? Math.exp : Number;
  const [start, end] = [turn(low), turn(high)];
  const span = end - start || 1;
  const ticks = kind === 'log' ? logTicks(low, high, most) : linearTicks(low, high, most);
  return {
    at: (value) => from + ((turn(value) - start) / span) * (to - from),
    back: (pixel) => unturn(start + ((pixel - from) / (to - from)) * span),
    ticks: kind === 'linear' ? ticks : kind === 'words' ? ticks.filter(Number.isInteger) : ticks,
  };
}

/**
 * The range of values, with a little room around it; undefined without values.
 * @param {Axis} axis
 * @param {readonly number[]} values
 * @returns {readonly [number, number] | undefined}
 */
export function rangeOf({ kind }, values) {
  if (values.length === 0) return undefined;
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  if (kind === 'log') return [low / 1.08, high * 1.08];
  return kind === 'words' ? [low - 0.5, high + 0.5] : [low, high === low ? low + 1 : high];
}

/** Digits within a power of ten, the finest first. */
const DIGITS = [
  [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
  [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
  [1, 2, 5],
  [1, 3],
  [1],
];

/**
 * Round ticks of a logarithmic scale; linear ones where it is too narrow for two of them.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
function logTicks(low, high, most) {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high / low)) + 2 }, (_, place) => first + place);
  for (const digits of DIGITS) {
    const ticks = powers
      .flatMap((power) => digits.map((digit) => Number((digit * 10 ** power).toPrecision(6))))
      .filter((tick) => tick >= low && tick <= high);
    if (ticks.length < 2) break;
    if (ticks.length <= most) return ticks;
  }
  const tens = powers.map((power) => 10 ** power).filter((tick) => tick >= low && tick <= high);
  if (tens.length > most) return tens.filter((_, place) => place % Math.ceil(tens.length / most) === 0);
  return linearTicks(low, high, most);
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
function linearTicks(low, high, most) {
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1) }, (_, place) =>
    Number(((first + place) * step).toPrecision(12)),
  );
}
