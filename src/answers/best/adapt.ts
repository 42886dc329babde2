import { completeConfiguration } from '../../../search-space/complete-configuration.ts';
import type { Configuration, Parameter, Value } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';

/** A configuration adapted to another space. `changed` lists the changes: "tile 65536 → 46875", "without tile 64". */
export type Adapted = Readonly<{ configuration: Configuration; changed: readonly string[] }>;

/**
 * Adapts a configuration to another space, so that it satisfies the constraints there. Only sizes
 * (ordinals of the schedule: tiles, unrolling) may change, to the nearest value of the space on a
 * logarithmic scale; parameters that the space lacks, as a small shape's has no tiles, are left out. Undefined if that
 * is not enough: changing a mechanism would be a different answer.
 */
export function adaptTo(space: SearchSpace, configuration: Configuration): Adapted | undefined {
  if (space.has(configuration)) return { configuration, changed: [] };
  const names = space.parameters.map(({ name }) => name);
  if (!names.every((name) => name in configuration)) return undefined;
  const kept = space.parameters.filter((parameter) => !isSize(parameter));
  const values = Object.fromEntries(kept.map(({ name }) => [name, [configuration[name]]]));
  const left = space.restrict({ values });
  if (left === null) return undefined;
  const wanted = Object.fromEntries(
    space.parameters.map((parameter) => [parameter.name, nearestValue(parameter, configuration)]),
  );
  const found = completeConfiguration(left, wanted, {});
  const changed = names
    .filter((name) => found[name] !== configuration[name])
    .map((name) => `${name} ${configuration[name]} → ${found[name]}`);
  const lacking = Object.keys(configuration)
    .filter((name) => !names.includes(name))
    .map((name) => `without ${name} ${configuration[name]}`);
  return { configuration: found, changed: [...changed, ...lacking] };
}

function isSize({ kind, tag }: Parameter): boolean {
  return kind === 'ordinal' && tag === 'schedule';
}

/** The nearest value; of two that are equally near, the smaller. */
function nearestValue(parameter: Parameter, configuration: Configuration): Value {
  const wanted = configuration[parameter.name];
  if (!isSize(parameter) || parameter.values.includes(wanted)) return wanted;
  const distance = (value: Value): number => Math.abs(Math.log(Number(value) / Number(wanted)));
  return parameter.values.reduce((best, value) => (distance(value) < distance(best) ? value : best));
}
