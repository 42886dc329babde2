import { parseAssignment, type WhyLacking } from '../../search-space/assignment.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Value } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { OptionSpec } from './options/_base.ts';

export const setOption = Object.freeze({
  set: {
    kind: 'list',
    describe: "threads=4,unroll=2: the others keep the default's value, or the nearest possible. Repeatable",
    group: 'What:',
  },
} as const satisfies Record<string, OptionSpec>);

/** The values that `--set`, or another option, gives. Throws InputError for an unknown parameter or value, and one that is set twice. */
export function assignments(
  texts: readonly string[],
  { parameters }: SearchSpace,
  option = '--set',
  whyLacking?: WhyLacking,
): Readonly<Record<string, Value>> {
  const given: Record<string, Value> = {};
  for (const text of texts.flatMap((list) => list.split(','))) {
    const { name, value } = parseAssignment(text, parameters, option, whyLacking);
    if (Object.hasOwn(given, name)) throw new InputError(option, `sets ${name} more than once`);
    given[name] = value;
  }
  return given;
}
