import { isKnown } from '../../../tuner/attribution/gain.ts';
import { MOST_PAIRS } from '../../../tuner/verification/verify.ts';
import type { VerifiedBest } from '../../answers/best/verified.ts';
import type { VerifyDocument } from '../../documents/verify.ts';
import { percent } from '../../text/percent.ts';
import { countOf } from './numbers.ts';

/** "faster than the default", or by how much: "faster than the default by more than 2 %". */
export function fasterWords(against: string, by: number): string {
  return `faster than ${against}${by === 0 ? '' : ` by more than ${percent(by)}`}`;
}

/** "verified faster than the default, in 80 timings": of a best that was shown to be. */
export function verifiedWords({ by, timings, falseClaims }: VerifiedBest): string {
  return `verified ${fasterWords('the default', by)}, ${falseClaims === null ? 'simulated' : `in ${countOf(timings, 'timing')}`}`;
}

/** The same of a plan's study, as far as the daemon knows. Exact times are no matter of how many there are. */
export function verdictWords({
  by,
  verdict,
  timings,
  falseClaims,
}: Pick<VerifyDocument, 'by' | 'verdict' | 'timings' | 'falseClaims'>): string {
  const faster = fasterWords('the default', by);
  const isExact = falseClaims === null;
  if (verdict === 'unknown')
    return `Whether the winner is ${faster} is not known${isExact ? '' : ` after ${countOf(timings, 'timing')}`}.`;
  const basis = isExact
    ? 'simulated, where times repeat exactly'
    : `verified in ${countOf(timings, 'timing')}`;
  return `The winner is ${verdict === 'faster' ? '' : 'not '}${faster}: ${basis}.`;
}

/** Whether a winner is faster, on how many timings that rests, and how often such a claim is false. */
export function verifySentence({
  verdict,
  undecided,
  against,
  by,
  gain,
  pairs,
  timings,
  falseClaims,
  isExact,
}: Omit<VerifyDocument, 'sentence'>): string {
  const faster = fasterWords(against.given === 'default' ? 'the default' : against.given, by);
  const factor = isKnown(gain) ? `${gain.toFixed(4)}×` : '';
  const basis = isExact
    ? `exactly ${factor}, on ${countOf(pairs, 'accepted parameter set')} of the target`
    : `${factor} in the median of ${countOf(pairs, 'pair')} (${countOf(timings, 'timing')})`;
  const rate = falseClaims === null ? '' : ` At most ${percent(falseClaims)} of such claims are false.`;
  if (pairs === 0 && verdict === 'unknown')
    return `Whether the winner is ${faster} is not known: ${undecided}.`;
  switch (verdict) {
    case 'faster':
      return `The winner is ${faster}: ${basis}.${rate}`;
    case 'not faster':
      return pairs === 0
        ? `The winner is not ${faster}: both are the same configuration.`
        : `The winner is not ${faster}: ${basis}.${rate}`;
    case 'unknown':
      return `Whether the winner is ${faster} is not known: ${undecided}; ${basis}.${goesOn(isExact, pairs)}`;
  }
}

function goesOn(isExact: boolean, pairs: number): string {
  if (isExact) return '';
  return pairs < MOST_PAIRS ? ' The same command goes on with them.' : ' No more are timed.';
}
