import { unknownName } from '../../search-space/input-error.ts';
import type { ImportedKernel } from '../../store/records.ts';
import { BYTES, type DType, type Kernel } from './ir.ts';
import { libraryKernels } from './library.ts';
import { parseShape } from './shape.ts';

/** What somebody calls a kernel: a library name, a path to Triton IR, or a name it was imported under. */
export type KernelReference = Readonly<{
  name: string;
  shape?: string | undefined;
  dtype?: string | undefined;
}>;

/** `source` is "library", or the file it came from. */
export type ResolvedKernel = Readonly<{ kernel: Kernel; source: string }>;

/** The user's own kernels, read only when a name is not in the library. */
export type Imports = () => Promise<readonly ImportedKernel[]>;

/**
 * Finds and builds a kernel. Throws InputError for a name nobody knows, and for a shape or dtype that
 * the kernel cannot have.
 */
export async function resolveKernel(
  { name, shape, dtype }: KernelReference,
  imports: Imports = async () => [],
): Promise<ResolvedKernel> {
  const entry = libraryKernels.find((kernel) => kernel.name === name);
  if (entry === undefined) throw unknownName('kernel', name, await knownNames(imports));
  const extents = shape === undefined ? entry.defaultShape : parseShape(shape);
  const kernel = entry.build(extents, dtype === undefined ? entry.dtypes[0] : parseDtype(dtype));
  return { kernel, source: 'library' };
}

async function knownNames(imports: Imports): Promise<readonly string[]> {
  const own = await imports();
  return [...libraryKernels.map(({ name }) => name), ...own.map(({ kernel }) => kernel.name)];
}

/** Throws InputError for a word that is no dtype. */
export function parseDtype(word: string): DType {
  const known = Object.keys(BYTES).filter((name): name is DType => name in BYTES);
  const dtype = known.find((name) => name === word);
  if (dtype === undefined) throw unknownName('dtype', word, known);
  return dtype;
}
