import { describe, expect, test } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import { expectClose } from './close.fixture.ts';
import { erf } from './erf.ts';
import type { DType } from './ir.ts';
import { findLibraryKernel, libraryKernel, libraryKernels } from './library.ts';
import { randomInputs } from './random-inputs.ts';
import { kernelRecord } from './record.ts';
import { evaluateKernel } from './reference.ts';

type Arrays = Record<string, Float64Array>;

/** Every kernel's definition as plain loops over its inputs. */
type Plain = (inputs: Arrays, shape: readonly number[]) => number[];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const each =
  (f: (...values: number[]) => number, ...names: string[]): Plain =>
  (inputs) =>
    Array.from(inputs[names[0]], (_, i) => f(...names.map((name) => inputs[name][i])));
const eachRow =
  (f: (row: number[], inputs: Arrays) => number[]): Plain =>
  (inputs, [r, c]) =>
    range(r).flatMap((i) => f([...inputs.x.slice(i * c, (i + 1) * c)], inputs));
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softmaxRow = (row: number[]): number[] => {
  const powers = row.map((x) => Math.exp(x - Math.max(...row)));
  return powers.map((power) => power / total(powers));
};

function product(a: ArrayLike<number>, b: ArrayLike<number>, m: number, n: number, k: number): number[] {
  return range(m * n).map((at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return total(range(k).map((l) => a[i * k + l] * b[l * n + j]));
  });
}

const attention: Plain = ({ q, k, v }, [batch, heads, s, d]) =>
  range(batch * heads).flatMap((group) => {
    const part = (array: Float64Array) => array.subarray(group * s * d, (group + 1) * s * d);
    return range(s).flatMap((i) => {
      const query = part(q).subarray(i * d, (i + 1) * d);
      const scores = range(s).map((t) => total(range(d).map((e) => query[e] * part(k)[t * d + e])));
      const weights = softmaxRow(scores.map((score) => score / Math.sqrt(d)));
      return range(d).map((e) => total(weights.map((weight, t) => weight * part(v)[t * d + e])));
    });
  });

const rope: Plain = ({ x, cos, sin }, [, positions, width]) =>
  Array.from(x, (_, at) => {
    const half = width / 2;
    const [row, d] = [Math.floor(at / width), at % width];
    const angle = (row % positions) * half + (d % half);
    const partner = d < half ? -x[at + half] : x[at - half];
    return x[at] * cos[angle] + partner * sin[angle];
  });

const layerNorm: Plain = eachRow((row, { weight, bias }) => {
  const mean = total(row) / row.length;
  const variance = total(row.map((x) => (x - mean) ** 2)) / row.length;
  return row.map((x, j) => ((x - mean) / Math.sqrt(variance + 1e-5)) * weight[j] + bias[j]);
});
const rmsNorm: Plain = eachRow((row, { weight }) => {
  const square = total(row.map((x) => x * x)) / row.length;
  return row.map((x, j) => (x / Math.sqrt(square + 1e-5)) * weight[j]);
});

const ELEMENTWISE = [[1], [37], [3, 5], [2, 1030], [2, 3, 5]];
const ROWS = [
  [1, 1],
  [3, 7],
  [5, 1],
  [2, 2049],
];

const CASES: Readonly<Record<string, Readonly<{ plain: Plain; shapes: readonly (readonly number[])[] }>>> = {
  'vector-add': { plain: each((x, y) => x + y, 'x', 'y'), shapes: ELEMENTWISE },
  axpy: { plain: each((x, y) => 2.5 * x + y, 'x', 'y'), shapes: ELEMENTWISE },
  relu: { plain: each((x) => Math.max(x, 0), 'x'), shapes: ELEMENTWISE },
  sigmoid: { plain: each(sigmoid, 'x'), shapes: ELEMENTWISE },
  silu: { plain: each((x) => x * sigmoid(x), 'x'), shapes: ELEMENTWISE },
  tanh: { plain: each(Math.tanh, 'x'), shapes: ELEMENTWISE },
  exp: { plain: each(Math.exp, 'x'), shapes: ELEMENTWISE },
  gelu: { plain: each((x) => (x * (1 + erf(x / Math.sqrt(2)))) / 2, 'x'), shapes: ELEMENTWISE },
  'gelu-tanh': {
    plain: each((x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))), 'x'),
    shapes: ELEMENTWISE,
  },
  'silu-mul': { plain: each((gate, up) => gate * sigmoid(gate) * up, 'gate', 'up'), shapes: ELEMENTWISE },
  softmax: { plain: eachRow(softmaxRow), shapes: ROWS },
  'online-softmax': { plain: eachRow(softmaxRow), shapes: ROWS },
  'rms-norm': { plain: rmsNorm, shapes: ROWS },
  'layer-norm': { plain: layerNorm, shapes: ROWS },
  'row-sum': { plain: eachRow((row) => [total(row)]), shapes: ROWS },
  'row-max': { plain: eachRow((row) => [Math.max(...row)]), shapes: ROWS },
  rope: {
    plain: rope,
    shapes: [
      [1, 1, 2],
      [3, 5, 6],
    ],
  },
  transpose: {
    plain: ({ x }, [r, c]) => range(r * c).map((at) => x[(at % r) * c + Math.floor(at / r)]),
    shapes: ROWS,
  },
  matmul: {
    plain: ({ a, b }, [m, n, k]) => product(a, b, m, n, k),
    shapes: [
      [1, 1, 1],
      [3, 5, 7],
      [2, 3, 1500],
    ],
  },
  'batched-matmul': {
    plain: ({ a, b }, [batch, m, n, k]) =>
      range(batch).flatMap((i) =>
        product(a.subarray(i * m * k, (i + 1) * m * k), b.subarray(i * k * n, (i + 1) * k * n), m, n, k),
      ),
    shapes: [
      [1, 2, 3, 4],
      [3, 5, 2, 7],
    ],
  },
  attention: {
    plain: attention,
    shapes: [
      [1, 1, 1, 1],
      [2, 3, 5, 7],
    ],
  },
  vadd: { plain: each((x, y) => (x + y) % 256, 'x', 'y'), shapes: [[1], [9]] },
  vmpy: { plain: each((x, y) => (x * y > 32767 ? x * y - 65536 : x * y), 'x', 'y'), shapes: [[1], [9]] },
  vrmpy: {
    plain: ({ x, y }) =>
      range(x.length / 4).map((i) => total(range(4).map((r) => x[4 * i + r] * y[4 * i + r]))),
    shapes: [[1], [9]],
  },
};

describe.each(libraryKernels.map((kernel) => [kernel.name, kernel] as const))('%s', (name, kernel) => {
  test.each(CASES[name]?.shapes.map((shape) => [shape.join('x'), shape] as const) ?? [])(
    'computes its definition at %s',
    (_, shape) => {
      for (const dtype of kernel.dtypes) {
        const built = kernel.build(shape, dtype);
        const inputs = randomInputs(built, 7);
        const [result] = Object.values(evaluateKernel(built, inputs));
        expectClose(result, wrapped(name, dtype, CASES[name].plain(inputs, shape)));
      }
    },
  );

  test('is built at its default shape in each dtype, deeply frozen', () => {
    for (const dtype of kernel.dtypes) {
      const built = kernel.build(kernel.defaultShape, dtype);
      expect(built).toMatchObject({ name, shape: kernel.defaultShape, dtype });
      expect(isDeeplyFrozen(built)).toBe(true);
    }
  });

  test('refuses impossible shapes and dtypes with an InputError', () => {
    expect(() => kernel.build([2, 2, 2, 2, 2], kernel.dtypes[0])).toThrow(kernel.shapeWords);
    const empty = kernel.defaultShape.map(() => 0);
    expect(() => kernel.build(empty, kernel.dtypes[0])).toThrow(InputError);
    expect(() => kernel.build([], kernel.dtypes[0])).toThrow(InputError);
    expect(() => kernel.build(kernel.defaultShape, 'bool')).toThrow(/has no bool variant/);
  });
});

/** Eight-bit sums wrap. */
function wrapped(name: string, dtype: DType, values: number[]): number[] {
  return name === 'vector-add' && dtype === 'i8' ? values.map((value) => (value << 24) >> 24) : values;
}

test('every kernel of the library is compared with its definition', () => {
  expect(Object.keys(CASES).sort()).toEqual(libraryKernels.map((kernel) => kernel.name).sort());
});

test('rope requires an even width', () => {
  expect(() => libraryKernel('rope', [2, 3, 5])).toThrow(/D must be even/);
});

test('a wrong name gets a suggestion', () => {
  expect(() => findLibraryKernel('gelo')).toThrow("did you mean 'gelu'?");
});

test('softmax and attention stay finite for large inputs', () => {
  const big = Float64Array.of(1000, -1000, 999, 1000);
  for (const name of ['softmax', 'online-softmax']) {
    const { out } = evaluateKernel(libraryKernel(name, [1, 4]), { x: big });
    expectClose(out, softmaxRow([...big]));
  }
});

function isDeeplyFrozen(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return true;
  return Object.isFrozen(data) && Object.values(data).every(isDeeplyFrozen);
}

test('a text that is a kernel of the library is recorded as such, and another of its name is not', () => {
  const gelu = libraryKernel('gelu', [1024]);
  const source = '/home/me/gelu.json';
  expect(kernelRecord(gelu, source).source).toBe('library');
  expect(kernelRecord({ ...libraryKernel('relu', [1024]), name: 'gelu' }, source).source).toBe(source);
  expect(kernelRecord({ ...libraryKernel('vector-add', [1024]), name: 'softmax' }, source).source).toBe(
    source,
  );
});
