import type { Configuration } from '../../search-space/parameter.ts';
import type { Study } from '../study-definition.ts';
import { AS_FAST } from './as-fast.ts';
import type { TimedPoint, TimeOf } from './known-times.ts';
import { compareEffort, compareSimplicity, type Simplicity } from './simplest.ts';

/** Two sums of the same times in another order differ by less, as a share. */
export const ROUNDING = 1e-9;

/**
 * Below zero where the first is rather to be used, of two that are as fast by exact times: only what takes less is worth a
 * slower one.
 */
export function compareExact(study: Simplicity, a: TimedPoint, b: TimedPoint): number {
  const slowerUs = a.timeUs - b.timeUs;
  return (
    compareEffort(study, a.configuration, b.configuration) ||
    (Math.abs(slowerUs) <= ROUNDING * b.timeUs ? 0 : slowerUs) ||
    compareSimplicity(study, a.configuration, b.configuration)
  );
}

/**
 * What is rather to be used than any of those that were timed, and as fast as the first of them: found by single changes,
 * until none is better. The search for the fastest leaves values as they are that gain nothing. `timed` is sorted, the
 * fastest first.
 */
export function simplestComputed(
  study: Pick<Study, 'space'> & Simplicity,
  timed: readonly TimedPoint[],
  timeOf: TimeOf,
): Configuration {
  const { space } = study;
  const most = timed[0].timeUs * (1 + AS_FAST);
  const better = (some: readonly TimedPoint[], than: TimedPoint): TimedPoint =>
    some.reduce((best, other) => (compareExact(study, other, best) < 0 ? other : best), than);
  let here = better(
    timed.filter(({ timeUs }) => timeUs <= most),
    timed[0],
  );
  for (;;) {
    const near = space
      .neighbours(space.indexOf(here.configuration), 'hamming')
      .map((index) => space.at(index))
      .filter((configuration) => compareSimplicity(study, configuration, here.configuration) < 0)
      .map((configuration) => ({ configuration, timeUs: timeOf(configuration) }))
      .filter(({ timeUs }) => timeUs <= most);
    const next = better(near, here);
    if (next === here) return here.configuration;
    here = next;
  }
}
