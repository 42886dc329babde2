import { isKnown, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import type { NextLimit } from '../../answers/why/next-limit.ts';
import type { WhyStep, WhyWay } from '../../answers/why/step.ts';
import { percent } from '../../text/percent.ts';
import { formatTimeUs, type TimeUnit, timeUnitFor } from '../../text/time-text.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { listed } from './listed.ts';
import { formatFactor } from './numbers.ts';

/** A gain nearer to 1 than this is no effect. */
const NOTHING = 0.005;
/** Of what a step changes, so much is told. */
const TOLD = 2;

/** The step's change: "threads 1 → 4", "staging copy → dma and buffers 1 → 2". */
export function changeWords({ changes }: Pick<WhyStep, 'changes'>): string {
  return listed(changes.map(({ parameter, from, to }) => `${parameter} ${from} → ${to}`));
}

/** The steps that change the time, and the changes of those that do not. */
export function effectsOf({
  steps,
}: WhyWay): Readonly<{ told: readonly WhyStep[]; idle: readonly string[] }> {
  const hasEffect = ({ gain }: WhyStep): boolean => !isKnown(gain) || Math.abs(gain - 1) >= NOTHING;
  return {
    told: steps.filter(hasEffect),
    idle: steps.filter((step) => !hasEffect(step)).map(changeWords),
  };
}

/** "By themselves without effect: unroll 1 → 4, buffers 1 → 2."; empty where there are none. */
export function idleSentence(idle: readonly string[]): string {
  return idle.length === 0 ? '' : `Without effect on the time: ${idle.join(', ')}.`;
}

/** "packets −7,400 µs, transfers by DMA +120 µs" */
export function stepCauses({ causes }: WhyStep, unit: TimeUnit): string {
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
export function limitSentence(limit: OrUnknown<NextLimit>): string {
  if (!isKnown(limit)) return `The next limit is ${reasonWords(limit)}.`;
  const { what, share, isBusy, leastUs, leastFor } = limit;
  const share100 = percent(Math.round(100 * share) / 100);
  const next = isBusy ? `${what}, ${share100} busy` : `${what}, ${share100} of the time`;
  return `Next limit: ${next}. The best possible is about ${formatTimeUs(leastUs)}: the ${leastFor} alone take that long.`;
}
