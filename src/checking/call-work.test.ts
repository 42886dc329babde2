import { expect, it } from 'vitest';
import { findLibraryKernel } from '../kernels/library.ts';
import { callWork } from './call-work.ts';

it.each([
  ['relu', [2 ** 25], 'copy'],
  ['vector-add', [1, 2 ** 25], 'triad'],
  // Its data fit in a cache.
  ['relu', [4096], undefined],
  // It hardly writes, and neither limit is like that.
  ['row-sum', [256, 2 ** 20], undefined],
] as const)('%s of %j streams like %s', (name, shape, like) => {
  const { streamed } = callWork(findLibraryKernel(name).build([...shape], 'f32'));
  expect(streamed?.like).toBe(like);
  const elements = shape.reduce((product, extent) => product * extent, 1);
  if (like !== undefined) expect(streamed?.bytes).toBe(elements * (like === 'copy' ? 8 : 12));
});
