import fc from 'fast-check';
import { expect, test } from 'vitest';
import { abs, defineKernel, type Expr, exp, type KernelBuilder, neg, select, tanh } from './builder.ts';
import { expectClose } from './close.fixture.ts';
import { parseKernel, serializeKernel } from './json.ts';
import { opMix } from './op-counts.ts';
import { evaluateKernel } from './reference.ts';

/** One step of a straight-line program: an operation on two earlier values. */
type Step = Readonly<{ op: number; left: number; right: number }>;

/** An expression as text with its operands; expressions with equal text are computed once. */
type Term = Readonly<{ text: string; op: boolean; inner: boolean; parts: readonly Term[] }>;

/** Short names for texts, so that repeated doubling does not double the text. */
const short = new Map<string, string>();
function shorten(text: string): string {
  const name = short.get(text) ?? `#${short.size}`;
  short.set(text, name);
  return name;
}

const leaf = (text: string, op: boolean, inner: boolean): Term => ({ text, op, inner, parts: [] });
const number = (value: number): Term => leaf(`${value}`, false, false);
const apply = (name: string, ...parts: readonly Term[]): Term => ({
  text: shorten(`${name}(${parts.map((part) => part.text).join()})`),
  op: true,
  inner: parts.some((part) => part.inner),
  parts,
});

type Operation = Readonly<{
  build: (x: Expr, y: Expr) => Expr;
  plain: (x: number, y: number) => number;
  term: (x: Term, y: Term) => Term;
}>;

/** The operations in three forms: for the builder, on plain numbers, and as text. */
const OPERATIONS: readonly Operation[] = [
  { build: (x, y) => x.add(y), plain: (x, y) => x + y, term: (x, y) => apply('add', x, y) },
  { build: (x, y) => x.sub(y), plain: (x, y) => x - y, term: (x, y) => apply('sub', x, y) },
  {
    build: (x, y) => tanh(x).mul(y),
    plain: (x, y) => Math.tanh(x) * y,
    term: (x, y) => apply('mul', apply('tanh', x), y),
  },
  { build: (x, y) => x.max(y), plain: Math.max, term: (x, y) => apply('max', x, y) },
  {
    build: (x) => exp(neg(abs(x))),
    plain: (x) => Math.exp(-Math.abs(x)),
    term: (x) => apply('exp', apply('neg', apply('abs', x))),
  },
  {
    build: (x, y) => select(x.lt(y), x, y.mul(0.5)),
    plain: (x, y) => (x < y ? x : y * 0.5),
    term: (x, y) => apply('select', apply('lt', x, y), x, apply('mul', y, number(0.5))),
  },
  {
    build: (x, y) => x.div(abs(y).add(1)),
    plain: (x, y) => x / (Math.abs(y) + 1),
    term: (x, y) => apply('div', x, apply('add', apply('abs', y), number(1))),
  },
];

const [ROWS, COLUMNS] = [3, 5];
const PROGRAM = fc.array(fc.record({ op: fc.nat(OPERATIONS.length - 1), left: fc.nat(), right: fc.nat() }), {
  minLength: 1,
  maxLength: 25,
});

/** The last value of the program that starts from x[i, j], r[i] and the sum of x over j. */
function compute<T>(start: readonly T[], program: readonly Step[], step: (op: number, x: T, y: T) => T): T {
  const values = [...start];
  for (const { op, left, right } of program) {
    values.push(step(op, values[left % values.length], values[right % values.length]));
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

test('any program gives the same results built, stored as JSON and computed on plain numbers', () => {
  const element = fc.double({ min: -4, max: 4, noNaN: true });
  const numbers = (length: number) => fc.array(element, { minLength: length, maxLength: length });
  fc.assert(
    fc.property(PROGRAM, numbers(ROWS * COLUMNS), numbers(ROWS), (program, x, r) => {
      const kernel = kernelOf(program);
      const inputs = { x: Float64Array.from(x), r: Float64Array.from(r) };
      const { y } = evaluateKernel(parseKernel(serializeKernel(kernel)), inputs);
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

test('operations are counted by distinct sub-expression, an inner one once per point, an outer one once per row', () => {
  const points = ROWS * COLUMNS;
  const x = leaf('x', true, true);
  const sum: Term = { text: 'sum', op: false, inner: false, parts: [x] };
  fc.assert(
    fc.property(PROGRAM, (program) => {
      const last = compute([x, leaf('r', true, false), sum], program, (op, a, b) =>
        OPERATIONS[op].term(a, b),
      );
      const distinct = new Map<string, Term>();
      const visit = (term: Term): void => {
        if (distinct.has(term.text)) return;
        distinct.set(term.text, term);
        term.parts.forEach(visit);
      };
      visit(last);
      const sums = distinct.has('sum') ? points : 0;
      const expected = [...distinct.values()].reduce((count, { op, inner }) => {
        if (!op) return count;
        return count + (inner ? points : ROWS);
      }, sums + points);
      const counted = Object.values(opMix(kernelOf(program))).reduce((total, count) => total + count, 0);
      expect(counted).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
