import {
  type Gain,
  type GainFigure,
  isKnown,
  type OrUnknown,
  type TimeFigure,
} from '../../../tuner/attribution/gain.ts';
import type { IntervalSource } from '../../targets/npu/machine/parameter-sets.ts';
import { formatCount, formatDecimals, formatEnds } from '../../text/number-text.ts';
import { type TimeUnit, timeIn, timeUnitFor } from '../../text/time-text.ts';
import { reasonWords, unknownWord } from '../../text/unknown-words.ts';

/** "1 trial", "2,000 trials" */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "2.13", "1,048,576", "0.00285", "0": a metric, in whatever unit it has; nothing where it was not measured. */
export function formatMetric(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number.isInteger(value) ? formatCount(value) : formatDecimals(value);
}

/** "41.3×" */
export function formatFactor(factor: number): string {
  return `${formatDecimals(factor)}×`;
}

/** "[39.8, 42.7]"; empty for a gain without interval. */
export function formatInterval({ low, high }: Gain): string {
  return low === null || high === null ? '' : formatEnds(low, high);
}

/** "", or ", interval from stated ranges": what a reader must know of one that no calibration gives. */
export function fromWords(source: IntervalSource | null): string {
  return source === 'stated ranges' ? `, interval from ${source}` : '';
}

/** "1.07× [1.05, 1.09]", or a word for what is unknown. */
export function formatGain(gain: GainFigure): string {
  if (!isKnown(gain)) return unknownWord(gain);
  return [formatFactor(gain.value), formatInterval(gain)].filter((part) => part !== '').join(' ');
}

/**
 * The gain over the default for a cell of a table; a dash before a visit has ended, and in words that the default is what
 * to use: a ratio of a time to itself measures nothing.
 */
export function formatOverDefault(gain: GainFigure, isDefaultUsed: boolean): string {
  if (!isKnown(gain) && gain.unknown === 'not tried') return '–';
  const isDefault = isDefaultUsed && !isKnown(gain) && gain.unknown === 'not applicable';
  return isDefault ? 'default is fastest' : formatGain(gain);
}

/** "132,479" in a unit, without its name, or a word for what is unknown. */
export function formatTime(time: TimeFigure, unit: TimeUnit): string {
  return isKnown(time) ? timeIn(unit, time) : unknownWord(time);
}

/** One unit for figures that stand together. */
export function unitOf(times: readonly TimeFigure[]): TimeUnit {
  return timeUnitFor(times.filter(isKnown));
}

/** "[1,101, 1,160]", in a unit; empty where it is not known. */
export function formatTimeInterval(
  interval: OrUnknown<Readonly<{ low: number; high: number }>>,
  unit: TimeUnit,
): string {
  return isKnown(interval) ? formatEnds(interval.low / unit.us, interval.high / unit.us) : '';
}

/** As `formatGain`, with the reason: "unknown, not tried (12 trials without it, 0 with it)". */
export function figureWords(figure: GainFigure): string {
  return isKnown(figure) ? formatGain(figure) : reasonWords(figure);
}

/** "47 % [45, 49]" */
export function formatShare(share: GainFigure): string {
  if (!isKnown(share)) return unknownWord(share);
  const percent = (value: number): string => (100 * value).toFixed(0);
  const { value, low, high } = share;
  const interval = low === null || high === null ? '' : ` [${percent(low)}, ${percent(high)}]`;
  return `${percent(value)} %${interval}`;
}
