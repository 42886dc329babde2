import type { NamedTargets } from '../../_base.ts';
import { loadTarget } from '../machine/load.ts';
import { namedMachines } from '../named.ts';
import { COMPILABLE, compiledName, simulatedName } from './compiled-names.ts';

/** Simulated Hexagons whose computation is compiled. Only a backend of one looks for the compiler. */
export const compiledMachines: NamedTargets = Object.freeze<NamedTargets>({
  list: () =>
    namedMachines
      .list()
      .filter(({ name }) => COMPILABLE.includes(name))
      .map((listing) => ({
        ...listing,
        name: compiledName(listing.name),
        kind: 'compiled',
        description: `The same as ${listing.name}, with the packets of object code that clang makes`,
      })),
  has: (name) => simulatedName(name) !== undefined,
  async open(name) {
    const { compiledTarget } = await import('./compiled-target.ts');
    return compiledTarget(loadTarget(simulatedName(name) ?? name));
  },
});
