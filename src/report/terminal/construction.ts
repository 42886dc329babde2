import type { ConstructionProgress } from '../../../search-space/construction.ts';
import { formatCount } from '../words/numbers.ts';

/** "counting the search space: 12 of 40 parameters decided, 35 % of the work that it may take". */
export function describeConstruction({
  state,
  parameters,
  decided,
  steps,
  mostSteps,
}: ConstructionProgress): string {
  const count = formatCount(parameters.length);
  const far =
    state === 'ordering'
      ? `ordering ${count} parameters`
      : `${formatCount(decided)} of ${count} parameters decided`;
  return `counting the search space: ${far}, ${Math.floor((100 * steps) / mostSteps)} % of the work that it may take`;
}
