import { isKnown, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import type { NextLimit } from '../../answers/why/next-limit.ts';
import type { WhyStep, WhyWay } from '../../answers/why/step.ts';
import type { Why } from '../../answers/why/why.ts';
import { percent } from '../../text/percent.ts';
import { formatTimeUs, type TimeUnit, timeIn, timeUnitFor } from '../../text/time-text.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { listed } from './listed.ts';
import { formatFactor } from './numbers.ts';

/** Of what a step changes, so much is told. */
const TOLD = 2;

/** "threads 1 → 4" for each parameter that changes in a step. */
export function changesOf({ changes }: Pick<WhyStep, 'changes'>): readonly string[] {
  return changes.map(({ parameter, from, to }) => `${parameter} ${from} → ${to}`);
}

/** "staging copy → dma and buffers 1 → 2" */
export function changeWords(step: Pick<WhyStep, 'changes'>): string {
  return listed(changesOf(step));
}

/** The steps that change the time as it is written, so that the last one has that of what to use; and the changes of the others. */
export function effectsOf(way: WhyWay): Readonly<{ told: readonly WhyStep[]; idle: readonly string[] }> {
  const unit = wayUnit(way);
  const told: WhyStep[] = [];
  const idle: string[] = [];
  let before = timeIn(unit, way.startUs);
  for (const step of way.steps) {
    const after = isKnown(step.timeUs) ? timeIn(unit, step.timeUs) : undefined;
    if (after === before) idle.push(changeWords(step));
    else told.push(step);
    before = after ?? '';
  }
  return { told, idle };
}

/** "packets −7,400 µs, transfers by DMA +120 µs" */
function stepCauses({ causes }: WhyStep, unit: TimeUnit): string {
  return causes
    .slice(0, TOLD)
    .map(
      ({ what, changeUs }) => `${what} ${changeUs < 0 ? '−' : '+'}${formatTimeUs(Math.abs(changeUs), unit)}`,
    )
    .join(', ');
}

/** The unit of all times of a way. */
export function wayUnit({ startUs, steps }: WhyWay): TimeUnit {
  return timeUnitFor([startUs, ...steps.flatMap(({ timeUs }) => (isKnown(timeUs) ? timeUs : []))]);
}

/** "3.87×", with what is not measured named so. */
export function stepGain({ gain, how }: WhyStep): string {
  if (!isKnown(gain)) return 'unknown';
  return how === 'predicted' ? `${formatFactor(gain)} predicted` : formatFactor(gain);
}

/** "Next limit: vector units, 93 % busy. No configuration takes less than about 165 µs: its operations take that long." */
export function limitSentence(limit: OrUnknown<NextLimit>, way: Why['way']): string {
  if (!isKnown(limit)) return `What limits it next is unknown: ${limit.why}.`;
  const { what, share, isBusy, leastUs, leastFor } = limit;
  const share100 = percent(Math.round(100 * share) / 100);
  const next = isBusy ? `${what}, ${share100} busy` : `${what}, ${share100} of the time`;
  return `Next limit: ${next}. The best possible is about ${formatTimeUs(leastUs, isKnown(way) ? wayUnit(way) : undefined)}: the ${leastFor} alone take that long.`;
}

/** What a report says below its figure of the way: causes, changes without effect, the next limit. */
export function whySentences({ way, limit }: Pick<Why, 'way' | 'limit'>): readonly string[] {
  return [
    ...(isKnown(way) ? waySentences(way) : [`The way from the default is ${reasonWords(way)}.`]),
    limitSentence(limit, way),
  ];
}

/** "threads 1 → 4: packets −3,317 µs", the changes without effect, and where the times are from. */
export function waySentences(way: WhyWay): readonly string[] {
  const unit = wayUnit(way);
  const { told, idle } = effectsOf(way);
  const causes = told.flatMap((step) => {
    const words = stepCauses(step, unit);
    return words === '' ? [] : [`${changeWords(step)}: ${words}`];
  });
  const without = idle.length === 0 ? [] : [`Without effect on the time: ${idle.join(', ')}.`];
  return [...causes, ...without, ...basisOf(way, unit)];
}

/** Simulated times need no word. */
function basisOf({ startHow, startUs, comparedTimes }: WhyWay, unit: TimeUnit): readonly string[] {
  if (startHow === 'simulated') return [];
  const trials = 'Times are those of trials; predicted ones are of trees fitted to these.';
  if (comparedTimes === null) return [trials];
  const [there, here] = [startUs / comparedTimes, startUs].map((timeUs) => formatTimeUs(timeUs, unit));
  return [
    trials,
    `What only the final comparison timed has its time there × ${comparedTimes.toPrecision(4)}: the default took ${there} there and ${here} as a trial.`,
  ];
}
