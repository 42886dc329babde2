import type { TwoCalls } from '../../answers/two-calls.ts';
import { formatTimeUs, timeUnitFor } from '../../text/time-text.ts';
import { formatFactor } from './numbers.ts';

/** The most parts of the time that are named. */
const MOST = 3;

/** "winner takes 860 µs, 6.22× as fast as default (5.35 ms), simulated: 3.9 ms less for stalls; threads 1 → 2." */
export function twoCallsSentence(
  first: string,
  second: string,
  { timelines, changes, causes }: TwoCalls,
): string {
  const [before, after] = timelines.map(({ timeUs }) => timeUs);
  const factor = before / after;
  const unit = timeUnitFor([before, after]);
  const how = factor >= 1 ? `${formatFactor(factor)} as fast as` : `${formatFactor(1 / factor)} as long as`;
  const told = causes.slice(0, MOST).map(({ what, changeUs }) => {
    const more = changeUs > 0 ? 'more' : 'less';
    return `${formatTimeUs(Math.abs(changeUs), unit)} ${more} for ${what}`;
  });
  const why = told.length === 0 ? '' : `: ${told.join(', ')}`;
  const changed = changes.map(({ parameter, from, to }) => `${parameter} ${from ?? '–'} → ${to ?? '–'}`);
  const what = changed.length === 0 ? '' : ` It has ${changed.join(', ')}.`;
  return `${second} takes ${formatTimeUs(after, unit)}, ${how} ${first} (${formatTimeUs(before, unit)}), simulated${why}.${what}`;
}
