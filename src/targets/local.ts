import { InputError } from '../../search-space/input-error.ts';
import type { NamedTargets, TargetListing } from './_base.ts';

/**
 * Targets that only `nightshift tune` opens, as they name programs and files of the user. A colon and more
 * may follow their names.
 */
export function localTargets(listed: Omit<TargetListing, 'figures'>): NamedTargets {
  return Object.freeze<NamedTargets>({
    list: () => [{ ...listed, figures: null }],
    has: (name) => name.split(':')[0] === listed.name.split(':')[0],
    async open(name) {
      const hint = 'only `nightshift tune` takes it: docs/devices.md';
      throw new InputError('target', `'${name}' runs no kernel of ours`, hint);
    },
  });
}
