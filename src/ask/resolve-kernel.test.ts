import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ImportedKernel } from '../../store/records.ts';
import { kernelHash } from '../kernels/hash.ts';
import { libraryKernel } from '../kernels/library.ts';
import { kernelRecord } from '../kernels/record.ts';
import type { KernelReference } from './kernel-reference.ts';
import { resolveKernel } from './resolve-kernel.ts';

const TEXT = readFileSync(new URL('../../tests/ttir/texts/hand_add.ttir', import.meta.url), 'utf8');
const ADD: KernelReference = { kind: 'ttir', name: 'hand_add', source: '/gone/hand_add.ttir', text: TEXT };

const named = (name: string): KernelReference => ({ kind: 'named', name });

/** The imported kernels of a user: one. */
async function ownAdd(): Promise<readonly ImportedKernel[]> {
  const { kernel } = await resolveKernel({ kernel: ADD });
  const record = kernelRecord({ ...kernel, name: 'my-add' }, '/gone/hand_add.ttir');
  return [{ kernel: record, calls: null, ttir: TEXT, importedAt: 0 }];
}

describe('resolveKernel', () => {
  it('builds a library kernel at its own shape, or another', async () => {
    const own = await resolveKernel({ kernel: named('softmax') });
    expect(own).toEqual({
      kernel: libraryKernel('softmax'),
      notes: [],
      source: 'library',
      reference: named('softmax'),
    });
    const other = await resolveKernel({ kernel: named('softmax'), shape: '2^3x64', dtype: 'f16' });
    expect(other.kernel).toEqual(libraryKernel('softmax', [8, 64], 'f16'));
  });

  it('imports the text of a Triton IR file', async () => {
    const { kernel, source } = await resolveKernel({ kernel: ADD });
    expect({ name: kernel.name, source }).toEqual({ name: 'hand_add', source: '/gone/hand_add.ttir' });
  });

  it('knows imported kernels, and rescales them from their text, though its file is gone', async () => {
    const { kernel } = await resolveKernel({ kernel: named('my-add') }, ownAdd);
    expect(kernelHash(kernel)).toBe(kernelHash((await resolveKernel({ kernel: ADD })).kernel));
    const small = await resolveKernel({ kernel: named('my-add'), shape: '4096' }, ownAdd);
    expect(small.kernel).toMatchObject({ name: 'my-add', shape: [4096] });
  });

  it.each([
    [{ kernel: named('gelo') }, "did you mean 'gelu'?"],
    [{ kernel: named('my-ad') }, "did you mean 'my-add'?"],
    [{ kernel: named('gelu'), dtype: 'f31' }, "unknown dtype 'f31'"],
    [{ kernel: named('gelu'), shape: 'wide' }, 'shape'],
    [{ kernel: named('./no.ttir') }, 'only the command line reads files'],
    [{ kernel: ADD, dtype: 'f16' }, 'was compiled for f32'],
  ])('refuses %o', async (reference, sentence) => {
    await expect(resolveKernel(reference, ownAdd)).rejects.toThrow(sentence);
  });
});
