import { join, resolve } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { readTtir } from '../ask/resolve-kernel.ts';
import { kernelRecord } from '../ask/study-request.ts';
import type { ImportDocument, Imported } from '../documents/import.ts';
import { type CachedKernel, importTorchInductorCache } from '../importers/torchinductor/import-cache.ts';
import type { Kernel } from '../kernels/ir.ts';
import { libraryKernels } from '../kernels/library.ts';
import { formatShape, parseShape } from '../kernels/shape.ts';

/** What was read, before it is stored. */
export type Readings = Readonly<{
  imported: readonly Imported[];
  refused: ImportDocument['refused'];
  notes: readonly string[];
}>;

/**
 * One file of Triton IR. A file called as a kernel of the library gets its shape appended. Throws
 * InputError where such a name was asked for.
 */
export async function readFile(
  path: string,
  name: string | undefined,
  shape: string | undefined,
): Promise<Readings> {
  const file = resolve(path);
  const read = await readTtir(file, shape === undefined ? undefined : parseShape(shape), name);
  if (name !== undefined && isOfLibrary(name)) {
    throw new InputError('--name', `'${name}' is a kernel of the library`, 'choose another --name');
  }
  const kernel = named(read.kernel, new Set());
  const renamed = `'${read.kernel.name}' is a kernel of the library; this one is called ${kernel.name}, --name says otherwise`;
  const notes = kernel === read.kernel ? read.notes : [...read.notes, renamed];
  return {
    imported: [{ kernel: kernelRecord(kernel, file), calls: null, variants: null }],
    refused: [],
    notes,
  };
}

/** All kernels of a model that Inductor compiled, and what of it could not be imported. */
export function readCache(path: string): Readings {
  const folder = resolve(path);
  const { kernels, refused } = importTorchInductorCache(folder);
  const taken = new Set<string>();
  return {
    imported: kernels.map((cached) => {
      const kernel = named(cached.kernel, taken);
      taken.add(kernel.name);
      const { calls, variants } = cached;
      return { kernel: kernelRecord(kernel, sourceOf(cached, folder)), calls, variants };
    }),
    refused: refused.map(({ name, calls, reason }) => ({ name, calls, reason })),
    notes: [],
  };
}

/** A name that is taken gets its shape: a model multiplies matrices of several shapes. */
function named(kernel: Kernel, taken: ReadonlySet<string>): Kernel {
  if (!isOfLibrary(kernel.name) && !taken.has(kernel.name)) return kernel;
  return { ...kernel, name: `${kernel.name}-${formatShape(kernel.shape)}` };
}

function sourceOf({ sources, variants }: CachedKernel, folder: string): string {
  return variants === 0 ? sources[0] : join(folder, sources[0]);
}

function isOfLibrary(name: string): boolean {
  return libraryKernels.some((kernel) => kernel.name === name);
}
