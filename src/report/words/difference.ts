import type { PairDifference } from '../../../tuner/attribution/difference.ts';
import { type Gain, isKnown } from '../../../tuner/attribution/gain.ts';
import { countOf, formatFactor, formatGain } from './numbers.ts';

/** Nearer to 1 than this, two decimals would hide a difference. */
const CLOSE = 0.1;
/** Nearer than this, four decimals would, too. */
const TINY = 1e-4;

/** Which of two configurations is faster, and whether it is noise: one or two sentences. */
export function differenceSentence(
  { outcome, gain, rounds, detectable }: PairDifference,
  isExact: boolean,
): string {
  if (!isKnown(gain) || outcome === 'too-few')
    return `Only ${countOf(rounds, 'undisturbed round')}: too few to tell a difference from noise. More time (--for) may help.`;
  switch (outcome) {
    case 'a':
      return faster('a', inverseOf(gain), rounds, isExact);
    case 'b':
      return faster('b', gain, rounds, isExact);
    case 'equal':
      return 'Both take the same time. Times are exact here, so this is not noise.';
    case 'unseen':
      return [
        `No difference was seen: b is ${factorWords(gain)} as fast as a, in ${countOf(rounds, 'round')}.`,
        ...(!isKnown(detectable)
          ? []
          : [
              `A difference of ${percentAbove(detectable)} would have been seen in four of five such comparisons.`,
            ]),
      ].join(' ');
    case 'unclear':
      return `Which one is faster is not known: b is ${factorWords(gain)} as fast as a, over ${sets(rounds)}.`;
  }
}

function faster(who: string, gain: Gain, rounds: number, isExact: boolean): string {
  const other = who === 'a' ? 'b' : 'a';
  const how = `${who} is faster than ${other}: ${factorWords(gain)}`;
  if (!isExact) return `${how}, in ${countOf(rounds, 'round')}. This is not noise.`;
  const range = gain.low === null ? '' : `, over ${sets(rounds)}`;
  return `${how}${range}. Times are exact here, so this is not noise.`;
}

function sets(count: number): string {
  return `${countOf(count, 'accepted parameter set')} of the target`;
}

/** "1.31× [1.28, 1.35]", with four decimals where two would hide the difference. */
function factorWords(gain: Gain): string {
  const { value, low, high } = gain;
  if (low === null && Math.abs(value - 1) < TINY) return 'by less than 0.01 %';
  if (Math.abs(value - 1) >= CLOSE || (high !== null && Math.abs(high - 1) >= CLOSE)) return formatGain(gain);
  const interval = low === null || high === null ? '' : ` [${low.toFixed(4)}, ${high.toFixed(4)}]`;
  return `${value.toFixed(4)}×${interval}`;
}

/** "2.1 %", "3.20×" */
function percentAbove(factor: number): string {
  return factor >= 2 ? formatFactor(factor) : `${(100 * (factor - 1)).toPrecision(2)} %`;
}

function inverseOf({ value, low, high }: Gain): Gain {
  const inverse = (end: number | null): number | null => (end === null ? null : 1 / end);
  return { value: 1 / value, low: inverse(high), high: inverse(low) };
}
