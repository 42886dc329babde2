import { randomFor } from '../../../search-space/random.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { type GainFigure, type Unknown, unknown } from '../../../tuner/attribution/gain.ts';
import { bootstrap, FEWEST_SAMPLES, median } from '../../../tuner/measurement/statistics.ts';
import { isOfTimes } from '../../../tuner/objectives/objective.ts';
import type { Entry } from './side.ts';

/**
 * Time after over time before, with its interval: 1.05 is 5 % slower. Simulated sides with the same
 * parameter sets are compared set by set, and the interval is the range. Measured sides were not
 * interleaved, so the interval combines those of both sides (95 % bootstrap each), and a measured side that has none
 * leaves the change unknown; exact times and those of other tools can have none. One result on both sides has no change:
 * nothing was timed again.
 */
export function changeOf(before: Entry, after: Entry): GainFigure {
  if (isSame(before, after)) return SAME;
  const other = [before, after].find(({ best }) => !isOfTimes(best.objective));
  if (other !== undefined)
    return unknown(
      'not tried',
      `times are compared, and study ${other.best.studyId} seeks ${other.best.objective}`,
    );
  const untold = whyUntold('before', before) ?? whyUntold('after', after);
  if (untold !== undefined) return untold;
  const value = after.best.timeUs / before.best.timeUs;
  const interval = pairedRange(before, after) ?? separateInterval(before, after);
  if (interval === undefined) return { value, low: null, high: null };
  return { value, low: Math.min(value, interval.low), high: Math.max(value, interval.high) };
}

const SAME = unknown('not applicable', 'both sides are the same result');

function isSame({ best: a }: Entry, { best: b }: Entry): boolean {
  return a.studyId === b.studyId && a.measuredAt === b.measuredAt && a.timeUs === b.timeUs;
}

/** Why a side's time has no interval though it should; undefined where it has one, or there can be none. */
function whyUntold(name: string, { best, rounds, isElsewhere }: Entry): Unknown | undefined {
  if (isElsewhere || rounds?.kind === 'ensemble' || targetKinds[best.target.kind].clock === 'exact')
    return undefined;
  if (rounds === null)
    return unknown('searched too little', `the time ${name} is of a trial, not of a final comparison`);
  const clean = rounds.timesUs.filter((time) => time !== null).length;
  if (clean >= FEWEST_SAMPLES) return undefined;
  const why = `${clean} clean rounds ${name}, fewer than ${FEWEST_SAMPLES}`;
  return unknown(clean < rounds.timesUs.length ? 'disturbed' : 'searched too little', why);
}

type Interval = Readonly<{ low: number; high: number }>;

function pairedRange(before: Entry, after: Entry): Interval | undefined {
  const [a, b] = [before.rounds, after.rounds];
  if (a?.kind !== 'ensemble' || b?.kind !== 'ensemble') return undefined;
  if (a.timesUs.length !== b.timesUs.length || a.timesUs.length < 2) return undefined;
  if (before.best.target.fingerprint !== after.best.target.fingerprint) return undefined;
  const ratios = a.timesUs.flatMap((time, round) => {
    const other = b.timesUs[round];
    return time === null || other === null ? [] : [other / time];
  });
  return { low: Math.min(...ratios), high: Math.max(...ratios) };
}

function separateInterval(before: Entry, after: Entry): Interval | undefined {
  const [a, b] = [timeInterval(before), timeInterval(after)];
  return a === undefined || b === undefined ? undefined : { low: b.low / a.high, high: b.high / a.low };
}

function timeInterval({ rounds }: Entry): Interval | undefined {
  const times = rounds?.timesUs.filter((time) => time !== null) ?? [];
  if (times.length < 2) return undefined;
  if (rounds?.kind === 'ensemble') return { low: Math.min(...times), high: Math.max(...times) };
  const medianOf = (drawn: readonly number[]): number => median(drawn.map((round) => times[round]));
  return bootstrap(times.length, medianOf, randomFor('compare', times.length));
}
