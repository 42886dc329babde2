import type { NamedTargets, TargetListing } from '../_base.ts';
import { listTargets, loadTarget } from './machine/load.ts';
import { setsOf } from './machine/parameter-sets.ts';
import { simulatedTarget } from './target.ts';

/** The simulated machines that come with nightshift. */
export const namedMachines: NamedTargets = Object.freeze<NamedTargets>({
  list: () => listTargets().map(listed),
  has: (name) => listTargets().includes(name),
  open: async (name) => simulatedTarget(loadTarget(name)),
});

function listed(name: string): TargetListing {
  const machine = loadTarget(name);
  const { description, contexts, vector, scratchpad, clockGHz } = machine;
  return {
    name,
    kind: 'simulator',
    description,
    figures: {
      contexts,
      vectorBytes: vector.bytes,
      scratchpadBytes: scratchpad.bytes,
      clockGHz,
      intervalsFrom: setsOf(machine)?.from ?? null,
    },
  };
}
