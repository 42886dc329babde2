import { basename, join, resolve } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { isKernelPath } from '../ask/kernel-reference.ts';
import { resolveKernel } from '../ask/resolve-kernel.ts';
import type { ImportDocument, KernelImport } from '../documents/import.ts';
import type { CachedKernel } from '../importers/torchinductor/collection.ts';
import { importTorchInductorCache } from '../importers/torchinductor/import-cache.ts';
import type { Kernel } from '../kernels/ir.ts';
import { isOfLibrary } from '../kernels/library.ts';
import { kernelRecord } from '../kernels/record.ts';
import { formatShape } from '../kernels/shape.ts';
import { readText } from '../text/read-json.ts';

/** Kernels that were read and are to be stored. */
export type Readings = Readonly<{
  imported: readonly KernelImport[];
  refused: ImportDocument['refused'];
  notes: readonly string[];
}>;

/**
 * Reads one file of Triton IR. If its name is that of a library kernel, its shape is appended. Throws
 * InputError if `name` is that of a library kernel, or would be taken for a path.
 */
export async function readFile(
  path: string,
  name: string | undefined,
  shape: string | undefined,
): Promise<Readings> {
  const file = resolve(path);
  const text = readText('kernel', file);
  const reference = { kind: 'ttir', name: name ?? basename(file, '.ttir'), source: file, text } as const;
  const read = await resolveKernel({ kernel: reference, ...(shape !== undefined && { shape }) });
  if (name !== undefined && isOfLibrary(name)) {
    throw new InputError('--name', `'${name}' is a kernel of the library`, 'choose another --name');
  }
  if (isKernelPath(reference.name)) {
    const field = name === undefined ? 'kernel' : '--name';
    throw new InputError(
      field,
      `'${reference.name}' would be taken for a path`,
      'choose a --name without / and \\ that does not end in .ttir',
    );
  }
  const kernel = named(read.kernel, new Set());
  const renamed = `'${read.kernel.name}' is a kernel of the library; this one is called ${kernel.name} (choose another name with --name)`;
  const notes = kernel === read.kernel ? read.notes : [...read.notes, renamed];
  return {
    imported: [{ kernel: kernelRecord(kernel, file), calls: null, variants: null, ttir: text }],
    refused: [],
    notes,
  };
}

/** Reads all kernels of a model that Inductor compiled, and lists those that could not be imported. */
export function readCache(path: string): Readings {
  const folder = resolve(path);
  const { kernels, refused, notes } = importTorchInductorCache(folder);
  const taken = new Set<string>();
  return {
    imported: kernels.map((cached) => {
      const kernel = named(cached.kernel, taken);
      taken.add(kernel.name);
      const { calls, variants } = cached;
      const source = sourceOf(cached, folder);
      const ttir = variants === 0 ? null : readText('--cache', source);
      return { kernel: kernelRecord(kernel, source), calls, variants, ttir };
    }),
    refused: refused.map(({ name, calls, reason }) => ({ name, calls, reason })),
    notes,
  };
}

/** Appends the shape to a name that is taken: a model multiplies matrices of several shapes. */
function named(kernel: Kernel, taken: ReadonlySet<string>): Kernel {
  if (!isOfLibrary(kernel.name) && !taken.has(kernel.name)) return kernel;
  return { ...kernel, name: `${kernel.name}-${formatShape(kernel.shape)}` };
}

function sourceOf({ sources, variants }: CachedKernel, folder: string): string {
  return variants === 0 ? sources[0] : join(folder, sources[0]);
}
