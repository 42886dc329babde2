import { InputError } from '../../../../search-space/input-error.ts';
import type { NamedTargets, Target } from '../../_base.ts';
import { type TargetReference, targetWord } from '../../reference.ts';
import { listTargets, loadTarget, parseTarget } from '../machine/load.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { namedMachines } from '../named.ts';
import { compiledName, simulatedName } from './compiled-names.ts';

/** Simulated Hexagons whose computation is compiled. Only a backend of one looks for the compiler. */
export const compiledMachines: NamedTargets = Object.freeze<NamedTargets>({
  list: () =>
    namedMachines
      .list()
      .filter(({ name }) => isCompilable(name))
      .map((listing) => ({
        ...listing,
        name: compiledName(listing.name),
        kind: 'compiled',
        description: `The same as ${listing.name}, with the packets of object code that clang makes`,
      })),
  has: (name) => isCompilable(simulatedName(name) ?? ''),
  open: (name) => compiledMachine(loadTarget(simulatedName(name) ?? name)),
});

function isCompilable(name: string): boolean {
  return listTargets().includes(name) && loadTarget(name).processor !== undefined;
}

/** A machine with compiled computation. */
export async function compiledMachine(machine: SimulatedTarget): Promise<Target> {
  const { compiledTarget } = await import('./compiled-target.ts');
  return compiledTarget(machine);
}

/** A reference to the target with compiled computation. Throws InputError for a target that clang does not compile for. */
export function compiledReference(reference: TargetReference): TargetReference {
  const word = targetWord(reference);
  if (reference.kind === 'named' && isCompilable(word)) return { kind: 'named', name: compiledName(word) };
  if (reference.kind === 'machine') {
    compilable(parseTarget(reference.machine, word), word);
    return { ...reference, compiled: true };
  }
  if (reference.kind === 'named' && compiledMachines.has(word))
    throw new InputError('--compiled', `${word} is compiled already`, 'leave --compiled out');
  const hint = `it is for ${listTargets().filter(isCompilable).join(', ')}, and files that name a processor`;
  throw new InputError('--compiled', `no code can be compiled for ${word}`, hint);
}

/**
 * A file's machine, of which clang knows the processor. Throws InputError where the file does not name it, or a copy of a
 * target of ours another one: its results would displace ours.
 */
export function compilable(machine: SimulatedTarget, source: string): SimulatedTarget {
  const { name, processor } = machine;
  if (processor === undefined) {
    const hint = 'add "processor": {"value": "hexagonv73", "source": "…"} to it, as docs/targets.md has it';
    throw new InputError('--compiled', `${source}: names no processor to compile for`, hint);
  }
  if (listTargets().includes(name) && processor !== loadTarget(name).processor) {
    const problem = `${source}: processor: '${name}' is a target of nightshift, for another one`;
    throw new InputError('target', problem, 'choose another name');
  }
  return machine;
}
