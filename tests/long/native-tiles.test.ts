import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import { defineKernel, exp } from '../../src/kernels/builder.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import { libraryKernel, libraryKernels } from '../../src/kernels/library.ts';
import { lower } from '../../src/lowering/lower.ts';
import { nativeBackend } from '../../src/targets/native/backend.ts';
import {
  compiledFolder,
  hasCompiler,
  hostHere,
  prepared,
} from '../../src/targets/native/machine-here.fixture.ts';
import { NATIVE_POLICY } from '../../src/targets/native/policy.ts';

const folder = compiledFolder();

/** Softmax down the columns: a tile of columns is a stretch of each row. */
const columns = defineKernel('columns', { shape: [37, 1045], dtype: 'f32' }, (k) => {
  const [i, j] = [k.dimension('i', 37), k.dimension('j', 1045)];
  const x = k.input('x', 'f32', [37, 1045]).at(i, j);
  const power = exp(x.sub(k.max(x, i)));
  k.store(k.output('out', 'f32', [37, 1045]), [i, j], power.div(k.sum(power, i)));
});
const inPlace = defineKernel('in-place', { shape: [3001], dtype: 'f32' }, (k) => {
  const i = k.dimension('i', 3001);
  const x = k.inout('x', 'f32', [3001]);
  k.store(
    x,
    [i],
    x
      .at(i)
      .mul(2)
      .add(k.input('y', 'f32', [3001]).at(i)),
  );
});
const ofBf16 = defineKernel('of-bf16', { shape: [3001], dtype: 'bf16' }, (k) => {
  const i = k.dimension('i', 3001);
  const x = k.input('x', 'bf16', [3001]).at(i);
  k.store(k.output('out', 'bf16', [3001]), [i], x.to('f32').mul(1.5).to('bf16'));
});

/** Ways of copying, with tiles that divide neither the work nor a thread's share of it. */
const WAYS: readonly Configuration[] = [
  {},
  { buffers: 2 },
  { staged: 'in', streaming: true },
  { helper: true },
  { helper: true, buffers: 2 },
  { helper: true, buffers: 2, staged: 'in', threads: 2 },
  { buffers: 2, threads: 3 },
];
const SMALL = { rows: [5, 16], elements: [192, 1024] };

describe.skipIf(!hasCompiler)('tiles that are copied', () => {
  it.each<readonly [string, Kernel, keyof typeof SMALL]>([
    ['elements', libraryKernel('vector-add', [3001]), 'elements'],
    ['elements of f16', libraryKernel('gelu', [3001], 'f16'), 'elements'],
    ['elements of bf16', ofBf16, 'elements'],
    ['elements of i8', libraryKernel('vector-add', [3001], 'i8'), 'elements'],
    ['rows', libraryKernel('softmax', [203, 67]), 'rows'],
    ['rows with weights that all tiles share', libraryKernel('layer-norm', [101, 64]), 'rows'],
    ['columns', columns, 'elements'],
    ['what is changed in place', inPlace, 'elements'],
  ])('of %s give the bits of the same code in place', async (_, kernel, unit) => {
    const [output] = kernel.operands.filter(({ role }) => role !== 'input');
    const backend = await nativeBackend({ kernel, host: await hostHere(4), folder });
    try {
      const result = async (configuration: Configuration) =>
        backend.result(await prepared(backend, configuration), output.name);
      const plain = { lanes: 4, unroll: 3 };
      const first = await result(plain);
      expect(first).toBeInstanceOf(Uint8Array);
      for (const [n, way] of WAYS.entries()) {
        const tile = SMALL[unit][n % 2];
        expect(await result({ ...plain, tile, ...way }), JSON.stringify({ tile, ...way })).toEqual(first);
      }
    } finally {
      await backend.close();
    }
  });
});

/** Odd in every dimension; rope needs an even last extent. */
const SHAPES: Readonly<Record<number, readonly number[]>> = {
  1: [3001],
  2: [37, 67],
  3: [13, 21, 18],
  4: [2, 5, 19, 12],
};
const library = libraryKernels
  .flatMap(({ name, build, defaultShape, dtypes }) =>
    dtypes.map((dtype) => ({ name, dtype, kernel: build(SHAPES[defaultShape.length], dtype) })),
  )
  .filter(({ kernel }) => {
    const { contraction, stretches } = lower(kernel, NATIVE_POLICY);
    return contraction === undefined && stretches.length > 0;
  });

describe.skipIf(!hasCompiler)('tiles that a helper copies', () => {
  it('are tried of most of the library', () => {
    expect(library.length).toBeGreaterThan(20);
  });

  it.each(library)('of $name $dtype give the bits of the same code in place', async ({ kernel }) => {
    const outputs = kernel.operands.filter(({ role }) => role !== 'input');
    const backend = await nativeBackend({ kernel, host: await hostHere(4), folder });
    try {
      const results = async (configuration: Configuration) => {
        const variant = await prepared(backend, { lanes: 4, unroll: 2, ...configuration });
        const all = [];
        for (const { name } of outputs) all.push(await backend.result(variant, name));
        return all;
      };
      const first = await results({});
      for (const result of first) expect(result).toBeInstanceOf(Uint8Array);
      expect(await results({ tile: 5, helper: true, buffers: 2, threads: 2 })).toEqual(first);
    } finally {
      await backend.close();
    }
  });
});
