import { describe, expect, it } from 'vitest';
import { defineKernel, exp, select } from '../../kernels/builder.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { generate } from './generator/generate.ts';
import { Harness } from './harness.fixture.ts';
import { scheduleOf } from './schedule-of.ts';

const WIDTHS = [{ lanes: 1, scalarUnroll: 1 }, { lanes: 1, scalarUnroll: 8 }, { lanes: 4 }, { lanes: 24 }];

async function expectCorrect(kernel: Kernel): Promise<void> {
  const harness = new Harness(kernel);
  for (const width of WIDTHS) expect(await harness.verify(width), JSON.stringify(width)).toBeUndefined();
}

/** Softmax down the columns: rows are reduced, columns are lanes. */
const columnSoftmax = (rows: number, columns: number): Kernel =>
  defineKernel('columns', { shape: [rows, columns], dtype: 'f32' }, (k) => {
    const [i, j] = [k.dimension('i', rows), k.dimension('j', columns)];
    const x = k.input('x', 'f32', [rows, columns]).at(i, j);
    const power = exp(x.sub(k.max(x, i)));
    k.store(k.output('out', 'f32', [rows, columns]), [i, j], power.div(k.sum(power, i)));
  });

describe('kernels of shapes that the library lacks', () => {
  it('softmax down the columns', async () => {
    await expectCorrect(columnSoftmax(37, 45));
  });

  it('columns staged as parts of rows give the same bits', async () => {
    const harness = new Harness(columnSoftmax(37, 45));
    const first = await harness.bytes({ lanes: 8 }, 'out');
    for (const staged of ['inout', 'in']) {
      for (const tile of [16, 45]) {
        const configuration = { lanes: 8, staging: 'copy', tile, copyEngine: 'simd', staged };
        expect(await harness.bytes(configuration, 'out')).toEqual(first);
        expect(await harness.verify(configuration)).toBeUndefined();
      }
    }
  });

  it('a sum of all elements, and a stage that uses it', async () => {
    await expectCorrect(
      defineKernel('whole', { shape: [7, 45], dtype: 'f32' }, (k) => {
        const [i, j] = [k.dimension('i', 7), k.dimension('j', 45)];
        const x = k.input('x', 'f32', [7, 45]).at(i, j);
        const total = k.sum(x.mul(x), [i, j]);
        k.store(k.output('out', 'f32', [7, 45]), [i, j], x.div(total));
      }),
    );
  });

  it('a causal mask by indices', async () => {
    await expectCorrect(
      defineKernel('causal', { shape: [33, 33], dtype: 'f32' }, (k) => {
        const [i, j] = [k.dimension('i', 33), k.dimension('j', 33)];
        const x = k.input('x', 'f32', [33, 33]).at(i, j);
        const masked = select(k.index(j).le(k.index(i)), x, k.constant(Number.NEGATIVE_INFINITY, 'f32'));
        const power = exp(masked.sub(k.max(masked, j)));
        k.store(k.output('out', 'f32', [33, 33]), [i, j], power.div(k.sum(power, j)));
      }),
    );
  });

  it('masked stores keep the other elements', async () => {
    await expectCorrect(
      defineKernel('masked', { shape: [101], dtype: 'f32' }, (k) => {
        const i = k.dimension('i', 101);
        const x = k.inout('x', 'f32', [101]);
        k.store(x, [i], x.at(i).mul(2), k.index(i).lt(k.constant(77, 'i32')));
      }),
    );
  });

  it('a product with a transposed operand, a bias and an activation', async () => {
    const [m, n, depth] = [11, 29, 17];
    const kernel = defineKernel('linear', { shape: [m, n, depth], dtype: 'f32' }, (k) => {
      const [i, j, l] = [k.dimension('i', m), k.dimension('j', n), k.dimension('l', depth)];
      const a = k.input('a', 'f32', [m, depth]).at(i, l);
      const b = k.input('b', 'f32', [n, depth]).at(j, l);
      const bias = k.input('bias', 'f32', [n]).at(j);
      k.store(k.output('out', 'f32', [m, n]), [i, j], k.contract(a, b, l, 'f32').add(bias).max(0));
    });
    const harness = new Harness(kernel);
    for (const [lanes, tileRows, panels] of [
      [1, 2, 1],
      [4, 3, 2],
      [12, 3, 1],
      [8, 4, 4],
    ]) {
      expect(await harness.verify({ lanes, tileRows, panels })).toBeUndefined();
    }
  });

  it('maxima are NaN if a value is', async () => {
    const kernel = defineKernel('greatest', { shape: [4, 19], dtype: 'f32' }, (k) => {
      const [i, j] = [k.dimension('i', 4), k.dimension('j', 19)];
      const x = k.input('x', 'f32', [4, 19]).at(i, j);
      k.store(k.output('out', 'f32', [4]), [i], k.max(x, j));
    });
    const data = Float32Array.from({ length: 76 }, (_, n) => (n === 20 || n === 18 ? Number.NaN : n));
    const block = new Uint8Array(data.buffer);
    const harness = new Harness(kernel, (setup) => ({
      ...setup,
      contents: setup.contents.map((content) => (content.block === null ? content : { ...content, block })),
    }));
    for (const width of WIDTHS) {
      const bytes = await harness.bytes(width, 'out');
      expect(Array.from(new Float32Array(Uint8Array.from(bytes).buffer))).toEqual([
        Number.NaN,
        Number.NaN,
        56,
        75,
      ]);
    }
  });

  it('refuses an unsupported operation by name', () => {
    const kernel = defineKernel('double', { shape: [8], dtype: 'f64' }, (k) => {
      const i = k.dimension('i', 8);
      k.store(k.output('out', 'f64', [8]), [i], k.input('x', 'f64', [8]).at(i).mul(2));
    });
    expect(() => generate(kernel, scheduleOf({ lanes: 4 }), 100)).toThrow(/no code for f64 operands/);
  });
});
