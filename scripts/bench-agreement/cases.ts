import type { Kernel } from '../../src/kernels/ir.ts';
import { findLibraryKernel } from '../../src/kernels/library.ts';

/** What is screened: element-wise with a function, rows, and nothing but memory. */
export const CASES: readonly Kernel[] = [
  findLibraryKernel('gelu').build([2 ** 18], 'f32'),
  findLibraryKernel('softmax').build([256, 1024], 'f32'),
  findLibraryKernel('vector-add').build([2 ** 18], 'f32'),
];
