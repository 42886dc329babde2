import { defineSpace } from '../../search-space/define-space.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Parameter, Value } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { kindOf } from '../../search-space/space-definition.ts';

/**
 * The space of a file that lists configurations only: each parameter can be what it was somewhere,
 * nothing is forbidden. Throws InputError where configurations do not have the same parameters.
 */
export function observedSpace(configurations: readonly Configuration[], field: string): SearchSpace {
  const [first] = configurations;
  if (first === undefined) throw new InputError(field, 'has no configuration');
  const names = Object.keys(first);
  configurations.forEach((configuration, place) => {
    const has = Object.keys(configuration);
    if (has.length !== names.length || names.some((name) => !Object.hasOwn(configuration, name)))
      throw new InputError(
        `${field}[${place}].configuration`,
        `has ${has.join(', ')}, not ${names.join(', ')}`,
      );
  });
  const parameters = names.map((name) =>
    observedParameter(
      name,
      configurations.map((configuration) => configuration[name]),
    ),
  );
  return defineSpace(parameters, []);
}

export function observedParameter(name: string, seen: readonly Value[]): Parameter {
  const values = [...new Set(seen)].sort(byValue);
  return { name, kind: kindOf(values), tag: 'schedule', values };
}

function byValue(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === b) return 0;
  return String(a) < String(b) ? -1 : 1;
}
