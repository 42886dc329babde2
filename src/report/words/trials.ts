import type { SettledCounts } from '../../../store/study-store.ts';
import { formatCount } from '../../text/number-text.ts';
import { countOf } from './numbers.ts';

/** "1,000 trials: 992 timed, 8 invalid (5 timeout, 3 constraints)" */
export function describeTrials({ timed, invalid }: Pick<SettledCounts, 'timed' | 'invalid'>): string {
  const failed = Object.values(invalid).reduce((sum, count) => sum + count, 0);
  const whole = countOf(timed + failed, 'trial');
  if (failed === 0) return timed === 0 ? 'no trial' : `${whole}, all valid`;
  return `${whole}: ${formatCount(timed)} timed, ${formatCount(failed)} invalid (${describeInvalid(invalid)})`;
}

export function describeInvalid(invalid: SettledCounts['invalid']): string {
  return Object.entries(invalid)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${formatCount(count)} ${reason}`)
    .join(', ');
}
