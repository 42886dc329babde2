import { permittedValues } from '../../search-space/assignment.ts';
import { explain } from '../../search-space/explain.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Parameter, Value } from '../../search-space/parameter.ts';
import { shownList } from '../../search-space/parameters.ts';
import type { Restriction } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Restrict } from '../../tuner/attribution/restrict.ts';
import { byCodeUnits } from '../text/by-code-units.ts';
import type { StudySpec } from './study-spec.ts';

/**
 * A target's space, restricted to the values that a study allows, without what it forbids and, if asked for, to what
 * its compiler can express. Throws InputError if no configuration is left.
 */
export async function steerSpace(
  whole: SearchSpace,
  { values, forbid, expressible }: Pick<StudySpec, 'values' | 'forbid' | 'expressible'>,
  expressed: Restriction | undefined,
  restrict: Restrict,
): Promise<SearchSpace> {
  const held = permittedValues(values, whole.parameters);
  // In one order and each once, so that the same study has one id.
  const forbidden = [...new Set(forbid.map((text) => text.trim()))].sort(byCodeUnits);
  if (expressed === undefined && Object.keys(held).length === 0 && forbidden.length === 0) return whole;
  const both = { ...expressed?.values, ...within(expressed?.values ?? {}, held, expressible ?? '') };
  const someNot = expressed?.someNot;
  const space = await restrict(whole, {
    values: both,
    ...(someNot !== undefined && { someNot }),
    ...(forbidden.length > 0 && { forbidden }),
  });
  if (space !== null) return space;
  const asked = [
    ...Object.entries(held).map(([name, allowed]) => `${name}=${allowed.join(',')}`),
    ...forbidden.map((text) => `not(${text})`),
  ];
  throw new InputError(
    forbidden.length > 0 ? 'forbid' : 'values',
    `${asked.join(' ')} leaves no configuration`,
    'loosen one of them',
  );
}

function within(
  expressed: Restriction['values'],
  held: Restriction['values'],
  compiler: string,
): Restriction['values'] {
  const both: Record<string, readonly Value[]> = {};
  for (const [name, wanted] of Object.entries(held)) {
    both[name] = wanted.filter((value) => expressed[name]?.includes(value) ?? true);
    if (both[name].length === 0)
      throw new InputError('expressible', `${compiler} has no option for ${name}=${wanted.join(',')}`);
  }
  return both;
}

/** Checks the start configurations. Throws InputError for the first that is not in the space. */
export function checkedStart(
  start: StudySpec['start'],
  space: SearchSpace,
  { parameters }: Readonly<{ parameters: readonly Parameter[] }>,
): readonly Configuration[] {
  for (const known of start) {
    for (const { name, values } of parameters) {
      if (!Object.hasOwn(known, name) || values.includes(known[name])) continue;
      const hint = `it takes ${shownList(values)}`;
      throw new InputError('start', `${name}=${known[name]} is not possible`, hint);
    }
    const problem = explain(space, known);
    if (problem !== undefined) throw new InputError('start', problem);
  }
  return start;
}
