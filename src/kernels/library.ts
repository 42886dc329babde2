import { InputError, unknownName } from '../../search-space/input-error.ts';
import { kernelHash } from './hash.ts';
import type { DType, Kernel } from './ir.ts';
import type { LibraryKernel } from './library/_entry.ts';
import {
  expKernel,
  gelu,
  geluTanh,
  relu,
  sigmoid,
  silu,
  siluMul,
  tanhKernel,
} from './library/activations.ts';
import { attention } from './library/attention.ts';
import { batchedMatmul, matmul } from './library/matmul.ts';
import { layerNorm, rmsNorm } from './library/norms.ts';
import { rowMax, rowSum } from './library/reductions.ts';
import { rope } from './library/rope.ts';
import { onlineSoftmax, softmax } from './library/softmax.ts';
import { transpose } from './library/transpose.ts';
import { vadd, vmpy, vrmpy } from './library/vector-ops.ts';
import { axpy, vectorAdd } from './library/vectors.ts';

export type { LibraryKernel } from './library/_entry.ts';

/** The kernels that come with nightshift, all made with the public builder. */
export const libraryKernels: readonly LibraryKernel[] = Object.freeze([
  vectorAdd,
  axpy,
  relu,
  sigmoid,
  silu,
  tanhKernel,
  expKernel,
  gelu,
  geluTanh,
  siluMul,
  softmax,
  onlineSoftmax,
  rmsNorm,
  layerNorm,
  rowSum,
  rowMax,
  rope,
  transpose,
  matmul,
  batchedMatmul,
  attention,
  vadd,
  vmpy,
  vrmpy,
]);

/** The names of the library's kernels. */
export const libraryNames: readonly string[] = Object.freeze(libraryKernels.map(({ name }) => name));

/** Whether a library kernel has this name. */
export function isOfLibrary(name: string): boolean {
  return libraryNames.includes(name);
}

/** A library kernel by name. Throws InputError with a suggestion for a name that is not in the library. */
export function findLibraryKernel(name: string): LibraryKernel {
  const found = libraryKernels.find((kernel) => kernel.name === name);
  if (found !== undefined) return found;
  throw unknownName('kernel', name, libraryNames);
}

/** A library kernel at a shape and dtype; its own defaults where they are not given. */
export function libraryKernel(name: string, shape?: readonly number[], dtype?: DType): Kernel {
  const found = findLibraryKernel(name);
  return found.build(shape ?? found.defaultShape, dtype ?? found.dtypes[0]);
}

/** Whether a kernel computes what the library's kernel of its name does at its shape and dtype. */
export function isLibraryKernel(kernel: Kernel): boolean {
  const found = libraryKernels.find(({ name }) => name === kernel.name);
  if (found === undefined || !found.dtypes.includes(kernel.dtype)) return false;
  try {
    return kernelHash(found.build(kernel.shape, kernel.dtype)) === kernelHash(kernel);
  } catch (error) {
    // The library's kernel cannot have this shape.
    if (error instanceof InputError) return false;
    throw error;
  }
}
