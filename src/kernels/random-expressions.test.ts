import fc from 'fast-check';
import { expect, test } from 'vitest';
import { abs, defineKernel, type Expr, exp, type KernelBuilder, neg, select, tanh } from './builder.ts';
import { expectClose } from './close.testing.ts';
import { parseKernel, serializeKernel } from './json.ts';
import { evaluate } from './reference.ts';

/** One step of a straight-line program: an operation on two earlier values. */
type Step = Readonly<{ op: number; left: number; right: number }>;

/** Each operation twice: for the builder, and in plain numbers. */
const OPERATIONS: readonly Readonly<{
  build: (x: Expr, y: Expr) => Expr;
  plain: (x: number, y: number) => number;
}>[] = [
  { build: (x, y) => x.add(y), plain: (x, y) => x + y },
  { build: (x, y) => x.sub(y), plain: (x, y) => x - y },
  { build: (x, y) => tanh(x).mul(y), plain: (x, y) => Math.tanh(x) * y },
  { build: (x, y) => x.max(y), plain: Math.max },
  { build: (x) => exp(neg(abs(x))), plain: (x) => Math.exp(-Math.abs(x)) },
  { build: (x, y) => select(x.lt(y), x, y.mul(0.5)), plain: (x, y) => (x < y ? x : y * 0.5) },
  { build: (x, y) => x.div(abs(y).add(1)), plain: (x, y) => x / (Math.abs(y) + 1) },
];

const [ROWS, COLUMNS] = [3, 5];
const PROGRAM = fc.array(fc.record({ op: fc.nat(OPERATIONS.length - 1), left: fc.nat(), right: fc.nat() }), {
  minLength: 1,
  maxLength: 25,
});

/** The last value of the program that starts from x[i, j], r[i] and the sum of x over j. */
function compute<T>(start: readonly T[], program: readonly Step[], apply: (op: number, x: T, y: T) => T): T {
  const values = [...start];
  for (const { op, left, right } of program) {
    values.push(apply(op, values[left % values.length], values[right % values.length]));
  }
  return values[values.length - 1];
}

function kernelOf(program: readonly Step[]) {
  return defineKernel('random', { shape: [ROWS, COLUMNS], dtype: 'f64' }, (k: KernelBuilder) => {
    const [i, j] = [k.dimension('i', ROWS), k.dimension('j', COLUMNS)];
    const x = k.input('x', 'f64', [ROWS, COLUMNS]).at(i, j);
    const r = k.input('r', 'f64', [ROWS]).at(i);
    const last = compute([x, r, k.sum(x, j)], program, (op, a, b) => OPERATIONS[op].build(a, b));
    k.store(k.output('y', 'f64', [ROWS, COLUMNS]), [i, j], last);
  });
}

test('any program means the same built, stored as JSON and computed plainly', () => {
  const number = fc.double({ min: -4, max: 4, noNaN: true });
  const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length });
  fc.assert(
    fc.property(PROGRAM, numbers(ROWS * COLUMNS), numbers(ROWS), (program, x, r) => {
      const kernel = kernelOf(program);
      const inputs = { x: Float64Array.from(x), r: Float64Array.from(r) };
      const { y } = evaluate(parseKernel(serializeKernel(kernel)), inputs);
      const expected = x.map((value, at) => {
        const i = Math.floor(at / COLUMNS);
        const sum = x.slice(i * COLUMNS, (i + 1) * COLUMNS).reduce((a, b) => a + b, 0);
        return compute([value, r[i], sum], program, (op, a, b) => OPERATIONS[op].plain(a, b));
      });
      expectClose(y, expected, 1e-12);
    }),
    { numRuns: 300 },
  );
});

test('the IR grows with the program as written, not with its expansion', () => {
  fc.assert(
    fc.property(PROGRAM, (program) => {
      expect(serializeKernel(kernelOf(program)).length).toBeLessThan(2500 + 900 * program.length);
    }),
  );
});
