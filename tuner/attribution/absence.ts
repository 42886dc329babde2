import { membersLeft, restrictedDefinition } from '../../search-space/define-space.ts';
import type { Mechanism } from '../../search-space/parameter.ts';
import { forceOn } from '../../search-space/restriction.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import { type Unknown, unknown } from './gain.ts';

export const NO_CONFIGURATION: Unknown = unknown('not applicable', 'the space has no such configuration');

/**
 * Why a space has no configuration with a mechanism on: the compiler's gate, where that alone excludes all of them. Throws
 * InputError where that is too hard to tell.
 */
export function absenceOf({ parameters, constraints }: SpaceDefinition, mechanism: Mechanism): Unknown {
  const gate = constraints.find(({ gates }) => gates === mechanism);
  if (gate === undefined) return NO_CONFIGURATION;
  const ungated = { parameters, constraints: constraints.filter((constraint) => constraint !== gate) };
  const left = membersLeft(restrictedDefinition(ungated, forceOn(parameters, mechanism)));
  return left === undefined ? NO_CONFIGURATION : unknown('gated by the compiler', gate.sentence);
}
