import { InputError, unknownName } from '../../../search-space/input-error.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { JsonObject } from '../../../store/records.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { gather } from '../../answers/best/gather.ts';
import { resolveKernel } from '../../ask/resolve-kernel.ts';
import {
  type CheckedEntry,
  type LockDocument,
  type LockEntry,
  lockDocumentSchema,
} from '../../documents/lock.ts';
import { LOCK_FILE, optionsOf } from '../../exporters/lock.ts';
import { kernelHash } from '../../kernels/hash.ts';
import { isOfLibrary } from '../../kernels/library.ts';
import { countOf } from '../../report/words/numbers.ts';
import { subjectOf } from '../../report/words/subject.ts';
import type { Target } from '../../targets/_base.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { describeIssue, mainIssue } from '../../text/describe-issue.ts';
import { readJson } from '../../text/read-json.ts';
import { CheckFailed } from '../check-failed.ts';
import { checkLock, type Present, type PresentDevice } from '../check-lock.ts';
import { defineCommand } from '../command.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import { targetReference } from '../references.ts';
import { readingIfThere } from '../stores.ts';

export const lockFile = defineCommand({
  arguments: { verb: 'check', file: `The lock file (default: ${LOCK_FILE})` },
  words: { verb: ['check'] },
  options: {
    device: {
      kind: 'text',
      describe: 'Only the entries of this device: its name, or a target file ./mine.json as it is today',
      group: 'What:',
    },
    firmware: {
      kind: 'text',
      describe: 'What your own device runs today, as in `tune --firmware`',
      otherwise: 'what the store has of it last',
      group: 'What:',
    },
    ...formatOption,
  },
  examples: [
    ['lock check', `do the entries of ${LOCK_FILE} still hold? Exit code 1 if one does not`],
    ['lock check --device board --firmware "sdk 2.32"', 'for a device of your own'],
  ],
  async act(flags, session) {
    if (flags.required('verb') !== 'check') throw unknownName('verb', flags.required('verb'), ['check']);
    const asJson = flags.oneOf('format', TEXT_OR_JSON, 'text') === 'json';
    const path = flags.text('file') ?? LOCK_FILE;
    const asked = await askedDevice(flags.text('device'));
    const lock = only(readLock(path), asked?.name);
    const firmware = flags.text('firmware');
    const checked = await readingIfThere(flags, session, undefined, (store) =>
      checkLock(lock, presentFrom(store, asked?.target, firmware)),
    ).then((done) => done ?? checkLock(lock, presentFrom(undefined, asked?.target, firmware)));
    const usable = checked.filter(({ state }) => state === 'usable').length;
    if (asJson) session.printJson({ schemaVersion: 1, usable, entries: checked });
    else {
      for (const entry of checked) for (const line of linesOf(entry)) session.printLine(line);
      session.printLine(`${usable} of ${countOf(checked.length, 'entry', 'entries')} still hold`);
    }
    if (usable < checked.length) throw new CheckFailed();
  },
});

function readLock(path: string): LockDocument {
  const data = readJson('lock file', path);
  const parsed = lockDocumentSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new InputError(
    path,
    describeIssue(mainIssue(parsed.error.issues, data), data, lockDocumentSchema, 'the lock file'),
  );
}

type Asked = Readonly<{ name: string; target: Target | undefined }>;

/** A device by its name, or as a target file describes it today. */
async function askedDevice(word: string | undefined): Promise<Asked | undefined> {
  if (word === undefined) return undefined;
  const reference = targetReference(word);
  if (reference.kind !== 'machine') return { name: word, target: undefined };
  const target = await resolveTarget(reference);
  return { name: target.name, target };
}

/** The part of a lock file that is about one device. Throws InputError if it has none of that name. */
function only(lock: LockDocument, name: string | undefined): LockDocument {
  if (name === undefined) return lock;
  const devices = lock.devices.filter((device) => device.name === name);
  const known = lock.devices.map((device) => device.name);
  if (devices.length === 0) throw unknownName('device', name, [...new Set(known)]);
  return { ...lock, devices, entries: lock.entries.filter((entry) => entry.device === name) };
}

function presentFrom(
  store: (CatalogStore & FindingStore) | undefined,
  asked: Target | undefined,
  firmware: string | undefined,
): Present {
  return {
    device: async ({ name, kind }) => {
      if (targetKinds[kind].deviceFields === null) return asked ?? namedTarget(name);
      const [latest] = (await store?.targets({ name })) ?? [];
      if (firmware !== undefined) return { description: { firmware }, fingerprint: null };
      return latest?.kind === kind ? latest : undefined;
    },
    source: (entry) => sourceOf(entry, store),
    options: async (entry) => (store === undefined ? undefined : optionsToday(entry, store)),
  };
}

async function namedTarget(name: string): Promise<PresentDevice | undefined> {
  return unlessRefused(resolveTarget({ kind: 'named', name }));
}

/** Undefined for names, shapes and types that an entry has and this program does not know. */
async function unlessRefused<T>(resolved: Promise<T>): Promise<T | undefined> {
  try {
    return await resolved;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The options of the result that an export would choose now, of a device with options for each kernel. */
async function optionsToday(
  { device, kernel, dtype, shape }: LockEntry,
  store: CatalogStore & FindingStore,
): Promise<JsonObject | undefined> {
  const [latest, ...earlier] = await store.targets({ name: device });
  if (latest === undefined || targetKinds[latest.kind].deviceFields === null) return undefined;
  const records = new Map([latest, ...earlier].map((record) => [record.fingerprint, record]));
  const bests = (await store.bests({ kernelName: kernel, dtype })).filter((best) =>
    records.has(best.target.fingerprint),
  );
  const here = bests.filter((best) => best.kernel.shape === shape);
  const [best] = gather([latest, ...earlier], here).bests;
  const record = best && records.get(best.target.fingerprint);
  if (record === undefined) return undefined;
  // A kernel's text is the same at all shapes: measured anew at one of them, it is outdated at the others.
  const measured = new Set(bests.map((each) => each.target.fingerprint));
  const newest = [...records.values()].find(({ fingerprint }) => measured.has(fingerprint));
  const { sources } = newest?.description ?? {};
  return { ...optionsOf(record), ...(sources !== undefined && { sources }) };
}

async function sourceOf(
  { kernel: name, shape, dtype, source }: LockEntry,
  store: CatalogStore | undefined,
): Promise<string | null> {
  if (isOfLibrary(name)) {
    const kernel = await unlessRefused(resolveKernel({ kernel: { kind: 'named', name }, shape, dtype }));
    return kernel === undefined ? null : kernelHash(kernel.kernel);
  }
  const stored = (await store?.kernels({ name })) ?? [];
  const same = stored.filter((record) => record.shape === shape && record.dtype === dtype);
  return same.some(({ hash }) => hash === source) ? source : (same[0]?.hash ?? null);
}

/** A line, and one for each field that no longer matches. */
function linesOf({ device, state, differences, ...entry }: CheckedEntry): readonly string[] {
  const words = { usable: 'holds', changed: 'does not hold', unknown: 'nothing here knows this device' };
  const shape = entry.shape === '*' ? 'other shapes' : entry.shape;
  return [
    `${subjectOf({ ...entry, name: entry.kernel, shape })} on ${device}: ${words[state]}`,
    ...differences.map(({ field, what, was, is }) => `  ${field}: ${what} was ${was}, is ${is}`),
  ];
}
