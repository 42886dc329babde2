import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import { takeWriterLock, type WriterLock } from '../../store/writer-lock.ts';
import { type Imports, type OwnKernel, withTuned } from '../ask/own-kernels.ts';
import { daemonOf } from '../http/client.ts';
import { libraryNames } from '../kernels/library.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import type { Session } from './session.ts';

/** Opens the store for writing, runs `work`, and closes it in any case. */
export async function writing<T>(
  role: string,
  flags: Flags<GlobalOption>,
  session: Session,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const path = placeOf(flags, session);
  refuseIfDaemon(path, session);
  const options = { clock: session.clock, writer: { role }, libraryNames };
  return lend(await openStore(path, { mode: 'write', ...options }), work);
}

/**
 * Runs `work`, which measures on this machine and stores nothing, while no `tune` and no daemon of this store
 * measures: throws StoreError 'in-use' where one does, as they do while it goes on. Makes no store.
 */
export async function measuringAlone<T>(
  role: string,
  flags: Flags<GlobalOption>,
  session: Session,
  work: () => Promise<T>,
): Promise<T> {
  const path = placeOf(flags, session);
  refuseIfDaemon(path, session);
  const lock = lockIfWritable(existsSync(path) ? realpathSync(path) : path, role, session);
  try {
    return await work();
  } finally {
    lock?.release();
  }
}

/** Undefined where nothing can be written: then nobody else writes there either. */
function lockIfWritable(path: string, role: string, { clock }: Session): WriterLock | undefined {
  try {
    return takeWriterLock(path, { role }, clock);
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'read-only') return undefined;
    throw error;
  }
}

/** Throws StoreError if a daemon holds the store, and names the commands that go through the daemon. */
function refuseIfDaemon(path: string, session: Session): void {
  const daemon = daemonOf(path, session.env.NIGHTSHIFT_TOKEN);
  if (daemon === undefined) return;
  const sentence = `${path} is held by the daemon on ${daemon.listen} (pid ${daemon.pid}); \`tune\`, \`scaling\`, \`submit\` and \`import\` of kernels go through it; end it before any other command that writes`;
  throw new StoreError('in-use', path, sentence);
}

/** The same for reading. Throws StoreError 'missing' if there is no store. */
export async function reading<T>(
  flags: Flags<GlobalOption>,
  session: Session,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const path = placeOf(flags, session);
  return lend(await openStore(path, { mode: 'read', clock: session.clock }), work);
}

/** The same, but returns `otherwise` if there is no store. */
export async function readingIfThere<T>(
  flags: Flags<GlobalOption>,
  session: Session,
  otherwise: T,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  try {
    return await reading(flags, session, work);
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'missing') return otherwise;
    throw error;
  }
}

/** The user's own kernels, as `resolveKernel` asks for them: imported ones, those without IR, then what was tuned under the name. */
export function importsOf(flags: Flags<GlobalOption>, session: Session): Imports {
  return (name, shape) =>
    readingIfThere(flags, session, [], async (store) =>
      withTuned(name, shape, await ownKernels(store), store),
    );
}

/** The user's own kernels that a store has. */
export async function ownKernels(store: Store): Promise<readonly OwnKernel[]> {
  const withoutIr = (await store.kernels()).filter(({ ir }) => ir === null);
  const oneOfEach = new Map(withoutIr.map((kernel) => [kernel.name, { kernel, ttir: null }]));
  return [...(await store.importedKernels()), ...oneOfEach.values()];
}

async function lend<T>(store: Store, work: (store: Store) => Promise<T>): Promise<T> {
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The path of the store. Throws StoreError if it is a folder or its folder does not exist. */
function placeOf(flags: Flags<GlobalOption>, session: Session): string {
  const path = storePath(flags.text('store'), session.env);
  const folder = dirname(path);
  if (!existsSync(folder)) {
    const sentence = `the folder ${folder} does not exist; create it, or name another --store`;
    throw new StoreError('io', path, sentence);
  }
  if (existsSync(path) && statSync(path).isDirectory())
    throw new StoreError('io', path, `${path} is a folder; name a file in it with --store`);
  return path;
}
