import type { ConstructionProgress } from '../../../search-space/construction.ts';
import { formatCount } from '../../text/number-text.ts';

/**
 * "counting the search space: 12 of 40 parameters decided, 35 % of the work limit"; a subspace, of which
 * a study searches several, is numbered from 1.
 */
export function describeConstruction(
  { state, parameters, decided, steps, mostSteps }: ConstructionProgress,
  subspace: number,
): string {
  const what = subspace === 0 ? 'the search space' : `subspace ${subspace}`;
  const count = formatCount(parameters.length);
  const noun = parameters.length === 1 ? 'parameter' : 'parameters';
  const far =
    state === 'ordering'
      ? `ordering ${count} ${noun}`
      : `${formatCount(decided)} of ${count} ${noun} decided`;
  const share = Math.floor((100 * steps) / mostSteps);
  return `counting ${what}: ${far}, ${share} % of the work limit`;
}
