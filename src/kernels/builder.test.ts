import { describe, expect, test } from 'vitest';
import { defineKernel, type Expr, exp, type KernelBuilder, select } from './builder.ts';
import { expectClose } from './close.fixture.ts';
import type { Kernel } from './ir.ts';
import { parseKernel, serializeKernel } from './json.ts';
import { evaluateKernel } from './reference.ts';

const small = (describeKernel: (k: KernelBuilder) => void): Kernel =>
  defineKernel('test', { shape: [4], dtype: 'f32' }, describeKernel);

describe('sharing', () => {
  test('a sub-expression written twice becomes one map stage', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      const x = k.input('x', 'f32', [4]);
      k.store(k.output('y', 'f32', [4]), [i], exp(x.at(i)).mul(exp(x.at(i))));
    });
    expect(kernel.stages.map((stage) => stage.kind)).toEqual(['map', 'store']);
    expect(kernel.stages[0]).toMatchObject({ name: 'exp0', dims: ['i'] });
  });

  test('repeated doubling stays as small as it was written', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      let value = k.input('x', 'f32', [4]).at(i);
      for (let n = 0; n < 40; n++) value = value.add(value);
      k.store(k.output('y', 'f32', [4]), [i], value);
    });
    expect(JSON.stringify(kernel).length).toBeLessThan(10_000);
    const { y } = evaluateKernel(kernel, { x: Float64Array.of(1, 2, 3, 4) });
    expectClose(
      y,
      [1, 2, 3, 4].map((x) => x * 2 ** 40),
    );
  });

  test('a chain of thousands of operations is cut into stages that a recursive reader can walk', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      let value = k.input('x', 'f32', [4]).at(i);
      for (let n = 0; n < 5000; n++) value = value.add(n % 7);
      k.store(k.output('y', 'f32', [4]), [i], value);
    });
    const stored = parseKernel(serializeKernel(kernel));
    const { y } = evaluateKernel(stored, { x: Float64Array.of(1, 2, 3, 4) });
    expect([...y]).toEqual([1, 2, 3, 4].map((x) => x + 14995));
  });

  test('constants and indices are not shared', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      const index = k.index(i, 'f32');
      k.store(k.output('y', 'f32', [4]), [i], index.mul(index).add(2).mul(2));
    });
    expect(kernel.stages.map((stage) => stage.kind)).toEqual(['store']);
  });

  test('the same reduction written twice is one', () => {
    const kernel = small((k) => {
      const [i, j] = [k.dimension('i', 4), k.dimension('j', 3)];
      const x = k.input('x', 'f32', [4, 3]).at(i, j);
      k.store(k.output('y', 'f32', [4]), [i], k.sum(x, j).mul(k.sum(x, j)).sub(k.max(x, j)));
    });
    expect(kernel.stages.map((stage) => stage.kind)).toEqual(['map', 'reduce', 'reduce', 'store']);
  });

  test('a shared load that does not depend on its loop is repeated, not stored as a copy', () => {
    const kernel = small((k) => {
      const [i, j] = [k.dimension('i', 4), k.dimension('j', 3)];
      const row = k.input('row', 'f32', [4]).at(i);
      const column = k.input('column', 'f32', [3]).at(j);
      const x = k.input('x', 'f32', [4, 3]).at(i, j);
      const value = x.mul(row).add(row).mul(column).add(column.mul(column));
      k.store(k.output('y', 'f32', [4, 3]), [i, j], value);
    });
    expect(kernel.stages).toMatchObject([{ kind: 'map', name: 'row0', dims: ['i'] }, { kind: 'store' }]);
  });

  test('let names a stage', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      const shifted = k.let('shifted', k.input('x', 'f32', [4]).at(i).add(1));
      k.store(k.output('y', 'f32', [4]), [i], k.let('twice', shifted.mul(2)));
    });
    expect(kernel.stages).toMatchObject([{ name: 'shifted' }, { name: 'twice' }, { kind: 'store' }]);
  });
});

describe('indexing', () => {
  test('is row-major and affine', () => {
    const kernel = small((k) => {
      const [i, j] = [k.dimension('i', 2), k.dimension('j', 3)];
      const x = k.input('x', 'f32', [4, 7]);
      k.store(k.output('y', 'f32', [2, 3]), [i, j], x.at(i.times(2).plus(1), j.times(-1).plus(6)));
    });
    expect(kernel.stages[0]).toMatchObject({
      at: { offset: 0, strides: { i: 3, j: 1 } },
      value: { at: { offset: 13, strides: { i: 14, j: -1 } } },
    });
  });

  test('a masked load takes the other value and no element', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      const inside = k.index(i).lt(2);
      const x = k.input('x', 'f32', [2]).atWhere(inside, -1, i);
      k.store(k.output('y', 'f32', [4]), [i], x);
    });
    expect([...evaluateKernel(kernel, { x: Float64Array.of(5, 6) }).y]).toEqual([5, 6, -1, -1]);
  });

  test('a masked store keeps the other elements', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      const y = k.inout('y', 'f32', [4]);
      k.store(y, [i], y.at(i).add(10), k.index(i).ge(2));
    });
    expect([...evaluateKernel(kernel, { y: Float64Array.of(1, 2, 3, 4) }).y]).toEqual([1, 2, 13, 14]);
  });
});

describe('an operand read and written', () => {
  test('gives a load before the store the old contents', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      const y = k.inout('y', 'f32', [4]);
      const old = y.at(i);
      k.store(y, [i], k.constant(0, 'f32'));
      k.store(k.output('kept', 'f32', [4]), [i], old);
      k.store(k.output('fresh', 'f32', [4]), [i], y.at(i));
    });
    const { kept, fresh } = evaluateKernel(kernel, { y: Float64Array.of(1, 2, 3, 4) });
    expect([...kept]).toEqual([1, 2, 3, 4]);
    expect([...fresh]).toEqual([0, 0, 0, 0]);
  });

  test('is not copied if the only load is in the store itself', () => {
    const kernel = small((k) => {
      const i = k.dimension('i', 4);
      const y = k.inout('y', 'f32', [4]);
      k.store(y, [i], y.at(i).mul(2));
    });
    expect(kernel.stages).toHaveLength(1);
  });
});

describe('reductions', () => {
  test('reduce over several dimensions, with the rest kept in order', () => {
    const kernel = small((k) => {
      const [i, j, l] = [k.dimension('i', 2), k.dimension('j', 3), k.dimension('l', 2)];
      const x = k.input('x', 'f32', [2, 3, 2]).at(i, j, l);
      k.store(k.output('y', 'f32', [3]), [j], k.sum(x, [l, i]));
    });
    expect(kernel.dimensions.map((dimension) => dimension.kind)).toEqual([
      'reduction',
      'parallel',
      'reduction',
    ]);
    expect(kernel.stages[0]).toMatchObject({ dims: ['j'], over: ['i', 'l'] });
    const x = Float64Array.from({ length: 12 }, (_, n) => n);
    expect([...evaluateKernel(kernel, { x }).y]).toEqual([0 + 1 + 6 + 7, 2 + 3 + 8 + 9, 4 + 5 + 10 + 11]);
  });

  test('argmax as a region of two components', () => {
    const kernel = defineKernel('argmax', { shape: [5], dtype: 'f32' }, (k) => {
      const j = k.dimension('j', 5);
      const x = k.input('x', 'f32', [5]).at(j);
      const start = [Number.NEGATIVE_INFINITY, 0];
      const [, place] = k.reduceRegion([x, k.index(j)], start, j, ([x0, i0], [x1, i1]) => {
        const left = x0.ge(x1);
        return [select(left, x0, x1), select(left, i0, i1)];
      });
      k.store(k.output('y', 'i32', [1]), [0], place);
    });
    expect([...evaluateKernel(kernel, { x: Float64Array.of(3, 1, 9, 9, 2) }).y]).toEqual([2]);
  });

  test('a region may not use values from outside', () => {
    expect(() =>
      small((k) => {
        const j = k.dimension('j', 4);
        const x = k.input('x', 'f32', [4]).at(j);
        k.reduceRegion([x], [0], j, ([a], [b]) => [a.add(b).add(x)]);
      }),
    ).toThrow(/region: may use its two sides and constants only/);
  });

  test('a region that grows too large when expanded is refused', () => {
    const grow = (value: Expr, other: Expr): Expr => {
      let grown = value.add(other);
      for (let n = 0; n < 60; n++) grown = grown.add(grown);
      return grown;
    };
    expect(() =>
      small((k) => {
        const j = k.dimension('j', 4);
        k.reduceRegion([k.index(j, 'f32')], [0], j, ([a], [b]) => [grow(a, b)]);
      }),
    ).toThrow(/region: has more than 2000 operations/);
  });

  test.each([
    ['product', [2, 3, 4], 24],
    ['min', [2, -3, 4], -3],
    ['sum', [2, -3, 4], 3],
  ] as const)('%s', (kind, values, expected) => {
    const kernel = small((k) => {
      const j = k.dimension('j', 3);
      k.store(k.output('y', 'f32', [1]), [0], k.reduce(kind, k.input('x', 'f32', [3]).at(j), j));
    });
    expect([...evaluateKernel(kernel, { x: Float64Array.from(values) }).y]).toEqual([expected]);
  });

  test.each([
    ['any', [0, 1, 0], 1],
    ['any', [0, 0, 0], 0],
    ['all', [1, 1, 1], 1],
    ['all', [1, 0, 1], 0],
  ] as const)('%s of %j is %i', (kind, values, expected) => {
    const kernel = small((k) => {
      const j = k.dimension('j', 3);
      k.store(k.output('y', 'bool', [1]), [0], k.reduce(kind, k.input('x', 'bool', [3]).at(j), j));
    });
    expect([...evaluateKernel(kernel, { x: Float64Array.from(values) }).y]).toEqual([expected]);
  });
});
