import { describe, expect, it } from 'vitest';
import { libraryKernel } from '../../kernels/library.ts';
import { examine } from './expected.ts';

describe('the reference', () => {
  it('is computed once for a kernel, its shape and a seed', () => {
    const first = examine(libraryKernel('softmax', [5, 67]), 1);
    expect(examine(libraryKernel('softmax', [5, 67]), 1)).toBe(first);
    expect(examine(libraryKernel('softmax', [5, 68]), 1)).not.toBe(first);
    expect(examine(libraryKernel('softmax', [5, 67]), 2).contents).not.toEqual(first.contents);
  });
});
