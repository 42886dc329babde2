import { InputError } from '../../search-space/input-error.ts';
import type { Json, JsonObject } from '../../store/records.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import type { CheckedEntry, LockDifference, LockDocument, LockEntry } from '../documents/lock.ts';
import { isOption } from '../exporters/lock.ts';

/** A device as it is today. The fingerprint is null where only the facts that the user said are known. */
export type PresentDevice = Readonly<{ description: JsonObject; fingerprint: string | null }>;

/** What a lock file is compared with. */
export type Present = Readonly<{
  /** Undefined for a device that nothing here knows. */
  device(locked: LockDocument['devices'][number]): Promise<PresentDevice | undefined>;
  /** How the kernel is run on that device by now; undefined if the store has no result of it. */
  options(entry: LockEntry): Promise<JsonObject | undefined>;
  /** The hash of a kernel's IR today; null if nothing here knows the kernel. */
  source(entry: LockEntry): Promise<string | null>;
}>;

/**
 * Compares each entry with the present device, kernel and options. A command of a user's device belongs to the
 * options of one kernel: another kernel's command is no other device.
 */
export async function checkLock(lock: LockDocument, present: Present): Promise<readonly CheckedEntry[]> {
  const byDevice = new Map<string, readonly LockDifference[] | undefined>();
  for (const locked of lock.devices) {
    const device = await present.device(locked);
    byDevice.set(locked.fingerprint, device && deviceDifferences(locked, device));
  }
  const checked: CheckedEntry[] = [];
  for (const entry of lock.entries) {
    if (
      !lock.devices.some(
        ({ fingerprint, name }) => fingerprint === entry.fingerprint && name === entry.device,
      )
    )
      throw new InputError(
        'lock file',
        `has an entry of ${entry.kernel} whose fingerprint is no device of it`,
      );
    const { device, kernel, dtype, shape } = entry;
    const found = byDevice.get(entry.fingerprint);
    const differences = [
      ...(found ?? []),
      ...(await sourceDifferences(entry, present)),
      ...(await optionDifferences(entry, present)),
    ];
    const state = differences.length > 0 ? 'changed' : found === undefined ? 'unknown' : 'usable';
    checked.push({ device, kernel, dtype, shape, state, differences });
  }
  return checked;
}

async function sourceDifferences(entry: LockEntry, present: Present): Promise<readonly LockDifference[]> {
  if (entry.source === null) return [];
  const is = await present.source(entry);
  if (is === entry.source) return [];
  return [{ field: 'source', what: 'the hash of its IR', was: entry.source, is: is ?? 'not known here' }];
}

async function optionDifferences(entry: LockEntry, present: Present): Promise<readonly LockDifference[]> {
  const options = await present.options(entry);
  return options === undefined ? [] : differencesIn('', entry.options, options);
}

function deviceDifferences(
  { kind, description, fingerprint }: LockDocument['devices'][number],
  present: PresentDevice,
): readonly LockDifference[] {
  const { deviceFields } = targetKinds[kind];
  if (deviceFields !== null) {
    return deviceFields.flatMap((name) => {
      const [was, is] = [String(description[name] ?? ''), String(present.description[name] ?? '')];
      return was === is ? [] : [{ field: 'compiler' as const, what: name, was: textOf(was), is: textOf(is) }];
    });
  }
  if (present.fingerprint === fingerprint) return [];
  const changed = differencesIn('', description, present.description);
  if (changed.length > 0) return changed;
  return [
    { field: 'fingerprint', what: 'the fingerprint', was: fingerprint, is: present.fingerprint ?? 'unknown' },
  ];
}

/** The differing leaves of two JSON values. */
function differencesIn(path: string, was: Json | undefined, is: Json | undefined): readonly LockDifference[] {
  if (isObject(was) && isObject(is)) {
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return names.flatMap((name) =>
      differencesIn(path === '' ? name : `${path}.${name}`, was[name], is[name]),
    );
  }
  const [before, after] = [textOf(was), textOf(is)];
  return before === after ? [] : [{ field: fieldOf(path), what: path, was: before, is: after }];
}

function isObject(data: Json | undefined): data is JsonObject {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function textOf(data: Json | undefined): string {
  return data === undefined ? 'absent' : JSON.stringify(data);
}

const COMPILER = /^(machine\.compiler|v8|node|generatorRevision|modelRevision)\b/;

/** The field of an entry that a part of a description belongs to. */
function fieldOf(path: string): LockDifference['field'] {
  if (COMPILER.test(path)) return 'compiler';
  return isOption(path.split('.')[0]) ? 'options' : 'device';
}
