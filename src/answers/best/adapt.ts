import { completeConfiguration } from '../../../search-space/complete-configuration.ts';
import type { Configuration, Parameter, Value } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';

/** A configuration as another space can have it. `changed` says what had to move: "tile 65536 → 46875". */
export type Adapted = Readonly<{ configuration: Configuration; changed: readonly string[] }>;

/**
 * The same configuration in another space, all constraints checked there. Only sizes (ordinals of the
 * schedule: tiles, unrolling) may move, to the nearest the space has on a logarithmic scale; where that
 * is not enough, undefined: with another mechanism it would be another answer.
 */
export function adaptTo(space: SearchSpace, configuration: Configuration): Adapted | undefined {
  if (space.has(configuration)) return { configuration, changed: [] };
  const names = space.parameters.map(({ name }) => name);
  if (!sameNames(names, Object.keys(configuration))) return undefined;
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
  return { configuration: found, changed };
}

function isSize({ kind, tag }: Parameter): boolean {
  return kind === 'ordinal' && tag === 'schedule';
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** The smaller of two that are equally near. */
function nearestValue(parameter: Parameter, configuration: Configuration): Value {
  const wanted = configuration[parameter.name];
  if (!isSize(parameter) || parameter.values.includes(wanted)) return wanted;
  const distance = (value: Value): number => Math.abs(Math.log(Number(value) / Number(wanted)));
  return parameter.values.reduce((best, value) => (distance(value) < distance(best) ? value : best));
}
