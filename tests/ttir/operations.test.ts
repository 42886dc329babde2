import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { randomFor } from '../../search-space/random.ts';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';
import { erf } from '../../src/kernels/erf.ts';
import { evaluateKernel } from '../../src/kernels/reference.ts';

const folder = new URL('../../../shared/inductor/', import.meta.url);
const absent = existsSync(folder) ? '' : ' (skipped: ../shared/inductor is not there)';
const files = absent === '' ? readdirSync(folder).filter((name) => name.endsWith('.ttir')) : [];

type Rows = (row: readonly number[], weight: readonly number[], bias: readonly number[]) => readonly number[];
const sum = (row: readonly number[]): number => row.reduce((total, x) => total + x, 0);
const mean = (row: readonly number[]): number => sum(row) / row.length;

/** PyTorch's operations by definition; two inputs are x and y, a row is a list. */
const POINTWISE: Record<string, (x: number, y: number) => number> = {
  vector_add: (x, y) => x + y,
  vector_add_2d: (x, y) => x + y,
  gelu_erf: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  gelu_tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
  silu_mul: (x, y) => (x / (1 + Math.exp(-x))) * y,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  exp: Math.exp,
};
const ROWS: Record<string, Rows> = {
  softmax: (row) => {
    const powers = row.map((x) => Math.exp(x - Math.max(...row)));
    return powers.map((x) => x / sum(powers));
  },
  layer_norm: (row, weight, bias) => {
    const centred = row.map((x) => x - mean(row));
    const spread = Math.sqrt(mean(centred.map((x) => x * x)) + 1e-5);
    return centred.map((x, i) => (x / spread) * weight[i]! + bias[i]!);
  },
  rms_norm: (row, weight) =>
    row.map((x, i) => (x / Math.sqrt(mean(row.map((y) => y * y)) + 1e-6)) * weight[i]!),
  row_sum: (row) => [sum(row)],
  row_max: (row) => [Math.max(...row)],
};

function randomArray(length: number, ...keys: (string | number)[]): Float64Array {
  const random = randomFor('operations', ...keys);
  return Float64Array.from({ length }, () => 6 * random() - 3);
}

/** The tolerance: constants in the texts are float32. */
function expectClose(values: Float64Array, expected: (i: number) => number): void {
  for (const [i, value] of values.entries()) expect(Math.abs(value - expected(i))).toBeLessThan(2e-6);
}

function importFile(name: string, shape?: readonly number[]) {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const { kernel } = importTtir(text, shape === undefined ? { file: name } : { file: name, shape });
  const inputs = kernel.operands.filter((operand) => operand.role !== 'output');
  const data = inputs.map((operand) => randomArray(operand.elements, name, operand.name));
  const arrays = Object.fromEntries(inputs.map((operand, n) => [operand.name, data[n]!]));
  return { data, result: Object.values(evaluateKernel(kernel, arrays))[0]! };
}

describe.skipIf(absent !== '')(`imported files compute their operation${absent}`, () => {
  const opOf = (name: string): string => name.split('.')[0]!;

  it.each(files.filter((name) => Object.hasOwn(POINTWISE, opOf(name))))('%s', (name) => {
    const { data, result } = importFile(name, [2048]);
    expectClose(result, (i) => POINTWISE[opOf(name)]!(data[0]![i]!, data[1]?.[i] ?? Number.NaN));
  });

  it.each(files.filter((name) => name.startsWith('axpy')))('%s: one input scaled, plus the other', (name) => {
    const { data, result } = importFile(name, [2048]);
    const factor = (result[0]! - data[1]![0]!) / data[0]![0]!;
    expectClose(result, (i) => factor * data[0]![i]! + data[1]![i]!);
    expect(factor).not.toBeCloseTo(1, 6);
  });

  it.each(files.filter((name) => Object.hasOwn(ROWS, opOf(name))))('%s', (name) => {
    const { data, result } = importFile(name, [3, 1024]);
    const [x, weight = [], bias = []] = data.map((array) => [...array]);
    const expected = [0, 1, 2].flatMap((row) =>
      ROWS[opOf(name)]!(x!.slice(row * 1024, (row + 1) * 1024), weight, bias),
    );
    expect(result.length).toBe(expected.length);
    expectClose(result, (i) => expected[i]!);
  });

  it('full_sum in two steps', () => {
    const parts = importFile(files.find((name) => name.startsWith('full_sum.0'))!);
    const whole = importFile(files.find((name) => name.startsWith('full_sum.1'))!);
    expectClose(parts.result, (i) => sum([...parts.data[0]!.subarray(i * 8192, (i + 1) * 8192)]));
    expectClose(whole.result, () => sum([...whole.data[0]!]));
  });
});
