import { InputError, unknownName } from '../../search-space/input-error.ts';
import type { NamedTargets, Target, TargetListing } from './_base.ts';
import { localTargets } from './local.ts';
import { nativeTargets } from './native/named.ts';
import { simulatedName } from './npu/compiled/compiled-names.ts';
import {
  compilable,
  compiledMachine,
  compiledMachines,
  compiledReference,
} from './npu/compiled/named-compiled.ts';
import { listTargets, loadTarget, parseTarget, targetFingerprint } from './npu/machine/load.ts';
import type { SimulatedTarget } from './npu/machine/schema.ts';
import { namedMachines } from './npu/named.ts';
import { simulatedTarget } from './npu/target.ts';
import type { TargetReference } from './reference.ts';
import { wasmTargets } from './wasm/named.ts';

/** A new kind of target is found by its name once it stands here. */
const kinds: readonly NamedTargets[] = Object.freeze([
  namedMachines,
  compiledMachines,
  wasmTargets,
  nativeTargets,
  localTargets({
    name: 'command',
    kind: 'device',
    description: 'Your own device: a program that is run with each configuration and prints a time',
  }),
  localTargets({
    name: 'replay:<file>',
    kind: 'replay',
    description: 'A table of times that somebody measured, answered from the file',
  }),
]);

export function listNamedTargets(): readonly TargetListing[] {
  return kinds.flatMap((each) => each.list());
}

/**
 * What kernels are tuned on, by what somebody calls it: a name of `nightshift targets`, or the content of a
 * file that describes a simulated machine. Throws InputError for a name nobody knows, content that
 * describes no target, and what only `nightshift tune` opens.
 */
export async function resolveTarget(reference: TargetReference): Promise<Target> {
  if (reference.kind === 'machine') {
    const { source, compiled } = reference;
    const machine = own(parseTarget(reference.machine, source));
    return compiled === true ? compiledMachine(compilable(machine, source)) : simulatedTarget(machine);
  }
  if (reference.kind === 'device') {
    const hint = 'start the daemon with --fleet: docs/fleet.md';
    throw new InputError(
      'target',
      `'${reference.device}' is a device of a fleet, and there is no fleet`,
      hint,
    );
  }
  const kind = kinds.find((each) => each.has(reference.name));
  if (kind !== undefined) return kind.open(reference.name);
  throw unknownTarget(reference.name);
}

/** A reference to the target with compiled computation. Throws InputError for one that there is not, or that is not compiled for. */
export function withCompiledCode(reference: TargetReference): TargetReference {
  if (reference.kind === 'named' && kinds.every((each) => !each.has(reference.name)))
    throw unknownTarget(reference.name);
  return compiledReference(reference);
}

function unknownTarget(name: string): InputError {
  if (/[/\\]|\.json$/.test(name)) {
    const hint = 'only the command line reads files; over HTTP, send the content';
    return new InputError('target', `'${name}' is a path`, hint);
  }
  const names = listNamedTargets().map((listing) => listing.name);
  return unknownName('target', name, names);
}

/** Throws InputError, which names the field, for a name that a target of nightshift has, as `why` says. */
export function refuseNameOfOurs(name: string, field: string, why: string): void {
  if (kinds.every((each) => !each.has(name))) return;
  throw new InputError(field, `name: '${name}' is a target of nightshift, and ${why}`, 'choose another name');
}

/**
 * A file's machine. Under the name of a real clock, its results would displace those that were measured, and another
 * machine's under the name of one of ours would displace ours and be taken for the device that was published.
 */
function own(machine: SimulatedTarget): SimulatedTarget {
  const { name } = machine;
  const simulated = simulatedName(name);
  if (simulated !== undefined) {
    const problem = `name: '${name}' is what nightshift calls ${simulated} with compiled code`;
    throw new InputError('target', problem, 'choose another name');
  }
  if (kinds.some((each) => each !== namedMachines && each.has(name))) {
    throw new InputError(
      'target',
      `name: '${name}' is what nightshift calls a real clock`,
      'choose another name',
    );
  }
  if (listTargets().includes(name) && targetFingerprint(machine) !== targetFingerprint(loadTarget(name))) {
    throw new InputError(
      'target',
      `name: '${name}' is a target of nightshift, and the file describes another machine`,
      'choose another name',
    );
  }
  return machine;
}
