import { defineSpace } from '../../search-space/define-space.ts';
import type { Mechanism } from '../../search-space/parameter.ts';
import { forceOn } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { type Unknown, unknown } from './gain.ts';

export const NO_CONFIGURATION: Unknown = unknown('not applicable', 'the space has no such configuration');

/** Why a space has no configuration with a mechanism on: the compiler's gate, where that alone excludes all of them. */
export function absenceOf({ parameters, constraints }: SearchSpace, mechanism: Mechanism): Unknown {
  const gate = constraints.find(({ gates }) => gates === mechanism);
  if (gate === undefined) return NO_CONFIGURATION;
  const others = constraints.filter((constraint) => constraint !== gate);
  const isPossible = defineSpace(parameters, others).restrict(forceOn(parameters, mechanism)) !== null;
  return isPossible ? unknown('gated by the compiler', gate.sentence) : NO_CONFIGURATION;
}
