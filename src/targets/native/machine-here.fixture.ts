import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Variant } from '../../../tuner/backend.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { type NativeBackend, nativeBackend } from './backend.ts';
import { type NativeHost, nativeHost } from './host.ts';

/** This machine; undefined without a C compiler. Looked at once, as that starts the compiler. */
const here = await nativeHost().catch(() => undefined);

/** Whether there is a C compiler here: without one, no test of native code can run. */
export const hasCompiler = here !== undefined;

/** This machine, as if it had so many cores. */
export async function hostHere(cores: number): Promise<NativeHost> {
  if (here === undefined) throw new Error('there is no C compiler here');
  return { ...here, cores };
}

/** A folder for what the tests of a file compile. */
export function compiledFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-native-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function prepared(backend: NativeBackend, configuration: Configuration): Promise<Variant> {
  const made = await backend.prepare({ configuration, subset: 'vec', origin: 'test' });
  if (made.state === 'invalid') throw new Error(made.message);
  return made.variant;
}

/** What becomes of a kernel in some configurations, one after the other. */
export async function onNative<T>(
  kernel: Kernel,
  folder: string,
  configurations: readonly Configuration[],
  look: (backend: NativeBackend, variant: Variant) => Promise<T>,
): Promise<readonly T[]> {
  const backend = await nativeBackend({ kernel, host: await hostHere(1), folder });
  const seen: T[] = [];
  try {
    for (const configuration of configurations) {
      seen.push(await look(backend, await prepared(backend, configuration)));
    }
  } finally {
    await backend.close();
  }
  return seen;
}
