import { testOf } from '../../../search-space/explain.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../../search-space/space-definition.ts';

/** Whether a configuration has a value of each list and keeps each constraint. Counts nothing, as a whole space would. */
export function memberTest({
  parameters,
  constraints,
}: SpaceDefinition): (configuration: Configuration) => boolean {
  const tests = constraints.map((constraint) => testOf(constraint, parameters));
  return (configuration) =>
    parameters.every(({ name, values }) => values.includes(configuration[name])) &&
    tests.every((test) => test(configuration));
}
