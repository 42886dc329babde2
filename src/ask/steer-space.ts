import { permittedValues, type WhyLacking } from '../../search-space/assignment.ts';
import { restrictedDefinition } from '../../search-space/define-space.ts';
import { explain } from '../../search-space/explain.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import { shownList } from '../../search-space/parameters.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { whyImpossible } from '../../search-space/why-impossible.ts';
import type { Restrict } from '../../tuner/attribution/restrict.ts';
import { byCodeUnits } from '../text/by-code-units.ts';
import type { StudySpec } from './study-spec.ts';

/**
 * A target's space, restricted to the values that a study allows, without what it forbids. Throws InputError if no
 * configuration is left.
 */
export async function steerSpace(
  whole: SearchSpace,
  { values, forbid }: Pick<StudySpec, 'values' | 'forbid'>,
  restrict: Restrict,
  whyLacking?: WhyLacking,
): Promise<SearchSpace> {
  const held = permittedValues(values, whole.parameters, whyLacking);
  // In one order and each once, so that the same study has one id.
  const forbidden = [...new Set(forbid.map((text) => text.trim()))].sort(byCodeUnits);
  if (Object.keys(held).length === 0 && forbidden.length === 0) return whole;
  const restriction = { values: held, ...(forbidden.length > 0 && { forbidden }) };
  const space = await restrict(whole, restriction);
  if (space !== null) return space;
  const asked = [
    ...Object.entries(held).map(([name, allowed]) => `${name}=${allowed.join(',')}`),
    ...forbidden.map((text) => `not(${text})`),
  ];
  const rules = whyImpossible(restrictedDefinition(whole, restriction), {})
    .filter((each) => whole.constraints.includes(each))
    .map(({ sentence }) => sentence);
  throw new InputError(
    forbidden.length > 0 ? 'forbid' : 'values',
    `${asked.join(' ')} leaves no configuration${rules.length === 0 ? '' : `: ${rules.join(', and ')}`}`,
    'loosen one of them',
  );
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
