import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ImportedKernel } from '../../store/records.ts';
import { kernelHash } from '../kernels/hash.ts';
import { libraryKernel } from '../kernels/library.ts';
import { resolveKernel } from './resolve-kernel.ts';
import { kernelRecord } from './study-request.ts';

const ADD = fileURLToPath(new URL('../../tests/ttir/texts/hand_add.ttir', import.meta.url));

/** The list of a user's own kernels with one in it. */
async function ownAdd(): Promise<readonly ImportedKernel[]> {
  const { kernel } = await resolveKernel({ name: ADD });
  return [{ kernel: kernelRecord({ ...kernel, name: 'my-add' }, ADD), calls: null, importedAt: 0 }];
}

describe('resolveKernel', () => {
  it('builds a library kernel at its own shape, or another', async () => {
    const own = await resolveKernel({ name: 'softmax' });
    expect(own).toEqual({ kernel: libraryKernel('softmax'), notes: [], source: 'library' });
    const other = await resolveKernel({ name: 'softmax', shape: '2^3x64', dtype: 'f16' });
    expect(other.kernel).toEqual(libraryKernel('softmax', [8, 64], 'f16'));
  });

  it('reads a file of Triton IR, named after it', async () => {
    const { kernel, source } = await resolveKernel({ name: ADD });
    expect({ name: kernel.name, source }).toEqual({ name: 'hand_add', source: ADD });
  });

  it('knows imported kernels, and rescales them from their file', async () => {
    const { kernel } = await resolveKernel({ name: 'my-add' }, ownAdd);
    expect(kernelHash(kernel)).toBe(kernelHash((await resolveKernel({ name: ADD })).kernel));
    const small = await resolveKernel({ name: 'my-add', shape: '4096' }, ownAdd);
    expect(small.kernel).toMatchObject({ name: 'my-add', shape: [4096] });
  });

  it.each([
    [{ name: 'gelo' }, "did you mean 'gelu'?"],
    [{ name: 'my-ad' }, "did you mean 'my-add'?"],
    [{ name: 'gelu', dtype: 'f31' }, "unknown dtype 'f31'"],
    [{ name: 'gelu', shape: 'wide' }, 'shape'],
    [{ name: './no.ttir' }, 'there is no such file'],
    [{ name: ADD, dtype: 'f16' }, 'was compiled for f32'],
  ])('refuses %o', async (reference, sentence) => {
    await expect(resolveKernel(reference, ownAdd)).rejects.toThrow(sentence);
  });
});
