import { restrictionIn } from './restriction-constraints.ts';
import type { SpaceDefinition } from './space-definition.ts';

/** "staging=dma tile=256,512 not(threads == 3)": what a restricted space holds fixed or leaves; empty for a whole space. */
export function restrictionText({ parameters, constraints }: SpaceDefinition): string {
  const { values, someNot, forbidden } = restrictionIn(constraints, parameters);
  const held = Object.entries(values).map(([name, allowed]) => `${name}=${allowed.join(',')}`);
  const forced = someNot.map((group) =>
    Object.entries(group)
      .map(([name, value]) => `${name}!=${value}`)
      .join('|'),
  );
  const excluded = forbidden.map((text) => `not(${text})`);
  return [...held, ...forced, ...excluded].join(' ');
}
