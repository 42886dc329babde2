import { fixedByOthers } from '../../../search-space/fixed-by-others.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../../search-space/space-definition.ts';
import { memberTest } from './member-test.ts';

/** What is known to have no effect on the way to a configuration. */
export type WithoutEffect = Readonly<{
  /** Parameters that have none at the end of the way. */
  names: readonly string[];
  /** The member that stands for a configuration: with the end's values of what has no effect there; undefined without one. */
  standIn(configuration: Configuration): Configuration | undefined;
}>;

/**
 * Parameters that the end's other values pin (a tile where operands are used where they lie), and those that changed no
 * code (`idle`). On the way they may keep their values: a configuration that differs from a member in what is pinned there
 * runs as that one.
 */
export function withoutEffect(
  space: SpaceDefinition,
  to: Configuration,
  idle: readonly string[],
): WithoutEffect {
  const isMember = memberTest(space);
  const pinnedIn = (configuration: Configuration): readonly string[] =>
    fixedByOthers(space, configuration).map(({ name }) => name);
  const pinned = pinnedIn(to);
  const asAtTheEnd = (configuration: Configuration, names: readonly string[]): Configuration =>
    names.length === 0
      ? configuration
      : { ...configuration, ...Object.fromEntries(names.map((name) => [name, to[name]])) };
  return {
    names: [...new Set([...pinned, ...idle])],
    standIn(configuration) {
      if (isMember(configuration)) {
        const sameCode = asAtTheEnd(configuration, idle);
        return isMember(sameCode) ? sameCode : configuration;
      }
      const there = pinnedIn(asAtTheEnd(configuration, pinned));
      const found = asAtTheEnd(configuration, [...idle, ...pinned.filter((name) => there.includes(name))]);
      return isMember(found) ? found : undefined;
    },
  };
}
