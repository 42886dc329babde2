import type { Configuration } from '../../../search-space/parameter.ts';
import type { TimedPoint } from '../../../tuner/attribution/known-times.ts';

/** Less than this part of the time is not worth another configuration. */
const WORTH = 0.01;
/** Times that differ by less than this part are told as the same. */
const SAME = 0.001;

/** Whether what was best until now stays it, where the fastest takes so long. Times in µs. */
export function staysBest(timeUs: number, fastestUs: number): boolean {
  return timeUs <= fastestUs * (1 + WORTH);
}

/** Those that are as fast as the fastest. */
export function asFast<Each extends Pick<TimedPoint, 'timeUs'>>(timed: readonly Each[]): readonly Each[] {
  const fastestUs = Math.min(...timed.map(({ timeUs }) => timeUs));
  return timed.filter(({ timeUs }) => timeUs <= fastestUs * (1 + SAME));
}

/**
 * The best of these: what was best until now while nothing is faster by 1 %, then of those that are as fast as the fastest
 * the one that changes the least of it. Undefined where none is possible.
 */
export function bestAmong<Each extends TimedPoint>(
  timed: readonly Each[],
  until: Configuration | undefined,
): Each | undefined {
  const possible = timed.filter(({ timeUs }) => Number.isFinite(timeUs));
  const fastest = asFast(possible);
  const changes = ({ configuration }: Each): number =>
    Object.entries(configuration).filter(([name, value]) => until?.[name] !== value).length;
  const kept = possible.find((each) => until !== undefined && changes(each) === 0);
  if (kept !== undefined && staysBest(kept.timeUs, fastest[0].timeUs)) return kept;
  return [...fastest].sort((a, b) => changes(a) - changes(b) || a.timeUs - b.timeUs).at(0);
}
