import { fixedByOthers } from '../../search-space/fixed-by-others.ts';
import { restrictionText } from '../../search-space/restriction-text.ts';
import type { Json, TargetRecord } from '../../store/records.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import { unknown } from '../../tuner/attribution/gain.ts';
import type { LockDocument, LockEntry } from '../documents/lock.ts';
import { visibleJson } from '../languages/json.ts';
import { byCodeUnits } from '../text/by-code-units.ts';
import {
  type Branch,
  branchesOf,
  type StoreExporter,
  type TunedKernel,
  type TunedShape,
  type TunedTarget,
} from './_base.ts';
import { soughtOf } from './words.ts';

/** The name of the file in a folder. */
export const LOCK_FILE = 'nightshift.lock.json';

/**
 * One file of all targets, for programs that look a configuration up at run time. Each entry is one line that
 * begins with the fields that a program knows, so that a reader needs no JSON parser.
 */
export const lock: StoreExporter = Object.freeze<StoreExporter>({
  name: 'lock',
  summary: 'one file for programs that look up at run time, with its schema in docs/schema/lock.json',
  export: (all) => ({ files: [{ name: LOCK_FILE, text: textOf(documentOf(all)) }], notes: [] }),
});

function documentOf(all: readonly TunedTarget[]): LockDocument {
  const kernels = all.flatMap((tuned) => tuned.kernels);
  const targets = kernels.flatMap(({ shapes }) => shapes.map(({ target }) => target));
  const devices = new Map(targets.map((target) => [target.fingerprint, target]));
  return {
    schemaVersion: 1,
    devices: [...devices.values()]
      .sort((a, b) => byCodeUnits(a.name, b.name) || byCodeUnits(a.fingerprint, b.fingerprint))
      .map(({ fingerprint, name, kind, description }) => ({ fingerprint, name, kind, description })),
    entries: kernels.flatMap((kernel) => branchesOf(kernel).map((branch) => entryOf(kernel, branch))),
  };
}

function entryOf(kernel: TunedKernel, branch: Branch): LockEntry {
  const { configuration, space } = branch;
  const [first] = kernel.shapes;
  const { target, kernel: record } = branch.shape ?? first;
  return {
    device: target.name,
    compiler: compilerOf(target),
    kernel: kernel.name,
    dtype: kernel.dtype,
    shape: branch.shape === null ? '*' : record.shape,
    source: branch.shape === null || record.ir === null ? null : record.hash,
    options: optionsOf(target),
    configuration,
    withoutChoice: fixedByOthers(space, configuration).map(({ name }) => name),
    ...(branch.shape === null ? foundElsewhere(kernel) : foundAt(branch.shape)),
    fingerprint: target.fingerprint,
  };
}

type Found = Pick<LockEntry, 'timeUs' | 'interval' | 'intervalFrom' | 'objective' | 'metrics' | 'provenance'>;

function foundAt({
  best,
  study,
  target,
  interval,
  intervalFrom,
  metrics,
  verified,
  visit,
}: TunedShape): Found {
  return {
    ...soughtOf(best),
    ...(metrics && { metrics }),
    timeUs: best.timeUs,
    interval,
    intervalFrom,
    provenance: {
      how: targetKinds[target.kind].label,
      basis: best.basis,
      study: best.studyId,
      visit,
      restrictedTo: restrictionText(study.space),
      toolVersion: best.toolVersion,
      ...(verified && { verified }),
    },
  };
}

const ANY_SHAPE = unknown('not tried', 'it stands for shapes that were not tuned');

function foundElsewhere({ fallback, shapes: [{ target }] }: TunedKernel): Found {
  const how = targetKinds[target.kind].label;
  const none = { study: null, visit: null, restrictedTo: '', toolVersion: null };
  const unseen = { timeUs: ANY_SHAPE, interval: ANY_SHAPE, intervalFrom: null };
  return { ...unseen, provenance: { how, basis: fallback.kind, ...none } };
}

/** What compiled the kernel, in the words of the target's description; empty where it says nothing of it. */
function compilerOf({ description }: Pick<TargetRecord, 'description'>): string {
  const { firmware, said, v8, node } = description;
  const machine = compilerName(description.machine);
  if (machine !== undefined) return machine;
  if (v8 !== undefined) return `V8 ${v8}, Node ${node}`;
  return String(firmware ?? said ?? '');
}

function compilerName(machine: Json | undefined): string | undefined {
  const compiler = fieldOf(machine, 'compiler');
  const name = fieldOf(compiler, 'name');
  return typeof name === 'string' ? name : undefined;
}

function fieldOf(data: Json | undefined, name: string): Json | undefined {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? Object.entries(data).find(([key]) => key === name)?.[1]
    : undefined;
}

/** The fields of a description that say on what a kernel is run, and what compiles it. */
const OF_DEVICE: ReadonlySet<string> = new Set(
  'machine modelRevision node v8 cpu cores generatorRevision firmware said device source table'.split(' '),
);

/** Whether a field of a description says how a kernel is run, such as a command's words. */
export function isOption(field: string): boolean {
  return !OF_DEVICE.has(field);
}

/** How a kernel is run, in the words of the target's description. */
export function optionsOf({ description }: Pick<TargetRecord, 'description'>): LockEntry['options'] {
  return Object.fromEntries(Object.entries(description).filter(([name]) => isOption(name)));
}

/** JSON with a line for each device and entry. */
function textOf({ schemaVersion, devices, entries }: LockDocument): string {
  const lines = (list: readonly unknown[]): string =>
    `[\n${list.map((each) => visibleJson(JSON.stringify(each))).join(',\n')}\n]`;
  return `{\n"schemaVersion": ${schemaVersion},\n"devices": ${lines(devices)},\n"entries": ${lines(entries)}\n}\n`;
}
