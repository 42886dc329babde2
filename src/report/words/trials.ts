import type { TrialCounts } from '../../../tuner/attribution/findings.ts';
import { formatCount } from './numbers.ts';

/** "1,000 trials: 992 timed, 8 invalid (5 timeout, 3 constraints)" */
export function describeTrials({ timed, invalid }: Pick<TrialCounts, 'timed' | 'invalid'>): string {
  const failed = Object.values(invalid).reduce((sum, count) => sum + count, 0);
  const whole = formatCount(timed + failed);
  if (failed === 0) return `${whole} trials, all valid`;
  return `${whole} trials: ${formatCount(timed)} timed, ${formatCount(failed)} invalid (${describeInvalid(invalid)})`;
}

export function describeInvalid(invalid: TrialCounts['invalid']): string {
  return Object.entries(invalid)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${formatCount(count)} ${reason}`)
    .join(', ');
}
