import type { SettledCounts } from '../../../store/study-store.ts';
import { formatCount } from '../../text/number-text.ts';
import { countOf } from './numbers.ts';

type Counts = Pick<SettledCounts, 'timed' | 'invalid'>;

/** "1,000 trials: 992 timed, 8 invalid (5 timeout, 3 constraints)" */
export function describeTrials(counts: Counts, compared = 0): string {
  return `${trialsOfSearch(counts)}${comparedWords(counts.timed, compared)}`;
}

/** ", 12 configurations in the final comparison": where that timed more than the search did. */
export function comparedWords(timed: number, compared = 0): string {
  return compared > timed ? `, ${countOf(compared, 'configuration')} in the final comparison` : '';
}

function trialsOfSearch({ timed, invalid }: Counts): string {
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
