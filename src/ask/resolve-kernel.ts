import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { InputError, unknownName } from '../../search-space/input-error.ts';
import type { ImportedKernel } from '../../store/records.ts';
import { BYTES, type DType, type Kernel } from '../kernels/ir.ts';
import { parseKernel } from '../kernels/json.ts';
import { libraryKernels } from '../kernels/library.ts';
import { formatShape, parseShape } from '../kernels/shape.ts';

/** What somebody calls a kernel: a library name, a path to Triton IR, or a name it was imported under. */
export type KernelReference = Readonly<{
  name: string;
  shape?: string | undefined;
  dtype?: string | undefined;
}>;

/** A kernel that was read, and in a sentence each what its text leaves open and was assumed. */
export type ReadKernel = Readonly<{ kernel: Kernel; notes: readonly string[] }>;

/** `source` is "library", or the file it came from. */
export type ResolvedKernel = ReadKernel & Readonly<{ source: string }>;

/** The user's own kernels, read only when a name is not in the library. */
export type Imports = () => Promise<readonly ImportedKernel[]>;

/**
 * Finds and builds a kernel. Throws InputError for a name nobody knows, a file that is no Triton IR we
 * can take, and a shape or dtype that the kernel cannot have.
 */
export async function resolveKernel(
  { name, shape, dtype }: KernelReference,
  imports: Imports = async () => [],
): Promise<ResolvedKernel> {
  const extents = shape === undefined ? undefined : parseShape(shape);
  const entry = libraryKernels.find((kernel) => kernel.name === name);
  const wanted = dtype === undefined ? undefined : parseDtype(dtype, entry?.dtypes);
  if (entry !== undefined) {
    const kernel = entry.build(extents ?? entry.defaultShape, wanted ?? entry.dtypes[0]);
    return { kernel, notes: [], source: 'library' };
  }
  if (isFile(name)) return ofDtype({ ...(await readTtir(name, extents)), source: name }, wanted);
  const own = await imports();
  const imported = own.find(({ kernel }) => kernel.name === name);
  if (imported === undefined) throw unknownName('kernel', name, namesOf(own));
  return ofDtype(await rebuild(imported, extents), wanted);
}

/** The kernel in a file of Triton IR, named after the file where it is given no other name. */
export async function readTtir(
  path: string,
  shape?: readonly number[],
  name = nameOfFile(path),
): Promise<ReadKernel> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'there is no such file'
        : 'it cannot be read';
    throw new InputError('kernel', `${path}: ${why}`, '`nightshift kernels` lists those with a name');
  }
  const { importTtir } = await import('../importers/ttir/import-ttir.ts');
  const { kernel, notes } = importTtir(text, { file: path, name, ...(shape !== undefined && { shape }) });
  return { kernel, notes };
}

/** Throws InputError for a word that is no dtype, with those that are `offered`. */
export function parseDtype(word: string, offered?: readonly DType[]): DType {
  const known = Object.keys(BYTES).filter((name): name is DType => name in BYTES);
  const dtype = known.find((name) => name === word);
  if (dtype === undefined) throw unknownName('dtype', word, offered ?? known);
  return dtype;
}

function isFile(name: string): boolean {
  return name.endsWith('.ttir') || name.includes('/');
}

function nameOfFile(path: string): string {
  return basename(path).replace(/\.ttir$/, '');
}

/** Another shape than the imported one is read anew from the file, which says what may be rescaled. */
async function rebuild(
  { kernel }: ImportedKernel,
  shape: readonly number[] | undefined,
): Promise<ResolvedKernel> {
  const { name, source, ir } = kernel;
  if (shape !== undefined && formatShape(shape) !== kernel.shape) {
    return { ...(await readTtir(source, shape, name)), source };
  }
  if (ir === null) throw new InputError('kernel', `${name} has no IR here: only its own device can run it`);
  return { kernel: parseKernel(ir), notes: [], source };
}

function ofDtype(resolved: ResolvedKernel, wanted: DType | undefined): ResolvedKernel {
  const { name, dtype } = resolved.kernel;
  if (wanted === undefined || wanted === dtype) return resolved;
  throw new InputError('dtype', `${name} was compiled for ${dtype}`, `import its ${wanted} variant`);
}

function namesOf(own: readonly ImportedKernel[]): readonly string[] {
  return [...libraryKernels.map(({ name }) => name), ...own.map(({ kernel }) => kernel.name)];
}
