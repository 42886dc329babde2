import { expect, test } from 'vitest';
import { defineKernel, exp, rsqrt } from './builder.ts';
import { libraryKernel } from './library.ts';
import { type OpMix, opMix, stageOps } from './op-counts.ts';

/** The classes that occur. */
const some = (mix: OpMix): Record<string, number> =>
  Object.fromEntries(Object.entries(mix).filter(([, count]) => count > 0));

test('an element-wise kernel counts each operation once per element, a shared load once', () => {
  expect(some(opMix(libraryKernel('gelu', [1000])))).toEqual({
    mul: 3000,
    erf: 1000,
    add: 1000,
    load: 1000,
    store: 1000,
  });
});

test('operations that do not depend on the inner loop are counted outside of it', () => {
  const [rows, columns] = [8, 100];
  const mix = opMix(libraryKernel('rms-norm', [rows, columns]));
  const points = rows * columns;
  expect(some(mix)).toEqual({
    mul: points * 3 + rows,
    add: points + rows,
    sqrt: rows,
    load: points * 2,
    store: points,
  });
});

test('operations that depend on the inner loop only are counted inside the outer one too', () => {
  const kernel = defineKernel('columns', { shape: [4, 6], dtype: 'f32' }, (k) => {
    const [i, j] = [k.dimension('i', 4), k.dimension('j', 6)];
    const scale = rsqrt(k.input('s', 'f32', [6]).at(j));
    k.store(k.output('y', 'f32', [4, 6]), [i, j], k.input('x', 'f32', [4, 6]).at(i, j).mul(scale));
  });
  expect(opMix(kernel)).toMatchObject({ sqrt: 24, load: 48 });
});

test('a contraction is multiply-accumulates, a reduction combines once per point', () => {
  expect(some(opMix(libraryKernel('matmul', [3, 5, 7])))).toEqual({ fma: 105, load: 210, store: 15 });
  expect(some(opMix(libraryKernel('softmax', [4, 10])))).toEqual({
    load: 40,
    minmax: 40,
    add: 80,
    exp: 40,
    div: 40,
    store: 40,
  });
});

test("a region's equal sub-expressions are counted once", () => {
  const [reduce] = stageOps(libraryKernel('online-softmax', [2, 10])).filter(
    ({ stage }) => stage.kind === 'reduce',
  );
  const counts = Object.fromEntries(reduce.ops.map((op) => [op.class, op.count / reduce.points]));
  expect(counts).toEqual({ minmax: 1, exp: 2, add: 3, mul: 2 });
});

test('each operation has its dtype and its loops', () => {
  const kernel = defineKernel('widen', { shape: [2, 8], dtype: 'i8' }, (k) => {
    const [i, j] = [k.dimension('i', 2), k.dimension('j', 8)];
    const row = exp(k.input('r', 'f32', [2]).at(i));
    const x = k.input('x', 'i8', [2, 8]).at(i, j).to('f32');
    k.store(k.output('y', 'f32', [2, 8]), [i, j], x.mul(row));
  });
  const [{ ops, loops, points }] = stageOps(kernel);
  expect([loops, points]).toEqual([['i', 'j'], 16]);
  expect(ops).toContainEqual({ class: 'exp', dtype: 'f32', loops: ['i'], count: 2 });
  expect(ops).toContainEqual({ class: 'load', dtype: 'i8', loops: ['i', 'j'], count: 16 });
  expect(ops).toContainEqual({ class: 'convert', dtype: 'f32', loops: ['i', 'j'], count: 16 });
});
