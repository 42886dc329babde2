import { expect, it } from 'vitest';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';
import { evaluateKernel } from '../../src/kernels/reference.ts';

const FLOATS = [Number.NaN, 1, -2, 0.49999999999999994, -0.5, 2.5, -0, 4503599627370497];

/** What an operation gives of two floats %x and %y, or of the index %i; its result is called %r. */
function resultOf(lines: readonly string[], x: readonly number[], y: readonly number[] = x, type = 'f32') {
  const count = x.length;
  const vector = (element: string): string => `tensor<${count}x${element}>`;
  const at = (name: string, pointer: string, element: string): string =>
    `%${name}b = tt.splat %${pointer} : !tt.ptr<${element}> -> ${vector(`!tt.ptr<${element}>`)}
%${name}p = tt.addptr %${name}b, %i : ${vector(`!tt.ptr<${element}>`)}, ${vector('i32')}`;
  const { kernel, notes } =
    importTtir(`tt.func public @k(%a: !tt.ptr<f32>, %b: !tt.ptr<f32>, %o: !tt.ptr<${type}>) {
%i = tt.make_range {end = ${count} : i32, start = 0 : i32} : ${vector('i32')}
${at('x', 'a', 'f32')}
%x = tt.load %xp : ${vector('!tt.ptr<f32>')}
${at('y', 'b', 'f32')}
%y = tt.load %yp : ${vector('!tt.ptr<f32>')}
${lines.join('\n').replaceAll('V<', `tensor<${count}x`)}
${at('o', 'o', type)}
tt.store %op, %r : ${vector(`!tt.ptr<${type}>`)}
tt.return
}`);
  const { o } = evaluateKernel(kernel, {
    a: Float64Array.from(x),
    b: Float64Array.from(y),
  });
  return { values: [...(o ?? [])], notes };
}

it.each([
  ['maxnumf', [1, 1, 3, Number.NaN]],
  ['maximumf', [Number.NaN, Number.NaN, 3, Number.NaN]],
  ['minnumf', [1, 1, -2, Number.NaN]],
  ['minimumf', [Number.NaN, Number.NaN, -2, Number.NaN]],
])('arith.%s of NaN', (op, expected) => {
  const [x, y] = [
    [Number.NaN, 1, -2, Number.NaN],
    [1, Number.NaN, 3, Number.NaN],
  ];
  expect(resultOf([`%r = arith.${op} %x, %y : V<f32>`], x, y)).toEqual({ values: expected, notes: [] });
});

it.each([
  ['none', [-1, 1]],
  ['all', [Number.NaN, 1]],
])('tt.clampf that propagates %s', (mode, expected) => {
  const lines = [
    '%low = arith.constant dense<-1.0> : V<f32>',
    '%high = arith.constant dense<1.0> : V<f32>',
    `%r = tt.clampf %x, %low, %high, propagateNan = ${mode} : V<f32>`,
  ];
  expect(resultOf(lines, [Number.NaN, 5]).values).toEqual(expected);
});

it('math.round rounds halves away from zero, and nothing else', () => {
  expect(resultOf(['%r = math.round %x : V<f32>'], FLOATS).values.map((value) => value + 0)).toEqual([
    ...[Number.NaN, 1, -2, 0, -1, 3, 0, 4503599627370497],
  ]);
});

it('math.copysign knows the sign of zero', () => {
  expect(resultOf(['%r = math.copysign %x, %y : V<f32>'], [3, 3, 3], [-0, 0, -1]).values).toEqual([
    -3, 3, -3,
  ]);
});

it('a reduction by arith.maxnumf says what it does with NaN', () => {
  const { notes } = resultOf(
    [
      '%m = "tt.reduce"(%x) <{axis = 0 : i32}> ({',
      '^bb0(%p: f32, %q: f32):',
      '%s = arith.maxnumf %p, %q : f32',
      'tt.reduce.return %s : f32',
      '}) : (V<f32>) -> f32',
      '%r = tt.splat %m : f32 -> V<f32>',
    ],
    [1, 2, 3, 4],
  );
  expect(notes.join()).toMatch(/arith\.maxnumf in line \d+ reduces: a NaN among its numbers gives NaN here/);
});

it('an unsigned maximum is no signed one in a reduction', () => {
  const lines = [
    '%n = arith.fptosi %x : V<f32> to V<i32>',
    '%m = "tt.reduce"(%n) <{axis = 0 : i32}> ({',
    '^bb0(%p: i32, %q: i32):',
    '%s = arith.maxui %p, %q : i32',
    'tt.reduce.return %s : i32',
    '}) : (V<i32>) -> i32',
    '%r = tt.splat %m : i32 -> V<i32>',
  ];
  expect(resultOf(lines, [1, 2, -3, 4], undefined, 'i32').values).toEqual([-3, -3, -3, -3]);
});

it.each([
  ['divsi', [-2, -2, -1, -1, 0, 0, 0, 1]],
  ['remsi', [-1, 0, -1, 0, -1, 0, 1, 0]],
  ['floordivsi', [-3, -2, -2, -1, -1, 0, 0, 1]],
  ['shrsi', [-2, -1, -1, -1, -1, 0, 0, 0]],
])('arith.%s of a negative index', (op, expected) => {
  const lines = [
    '%five = arith.constant dense<5> : V<i32>',
    '%two = arith.constant dense<2> : V<i32>',
    '%j = arith.subi %i, %five : V<i32>',
    `%r = arith.${op} %j, %two : V<i32>`,
  ];
  const values = resultOf(lines, [0, 0, 0, 0, 0, 0, 0, 0], undefined, 'i32').values.map((value) => value + 0);
  expect(values).toEqual(expected);
});

it('one bit: the lowest of a number, and −1 with a sign', () => {
  const bit = '%t = arith.trunci %i : V<i32> to V<i1>';
  const wide = '%r = arith.extui %c : V<i1> to V<i32>';
  const on = (line: string) => resultOf([bit, line, wide], [0, 0, 0, 0], undefined, 'i32').values;
  expect(on('%c = arith.andi %t, %t : V<i1>')).toEqual([0, 1, 0, 1]);
  const no = '%f = arith.constant dense<false> : V<i1>\n';
  expect(on(`${no}%c = arith.cmpi slt, %t, %f : V<i1>`)).toEqual([0, 1, 0, 1]);
  expect(on(`${no}%c = arith.cmpi ult, %f, %t : V<i1>`)).toEqual([0, 1, 0, 1]);
  expect(on(`${no}%c = arith.maxsi %t, %f : V<i1>`)).toEqual([0, 0, 0, 0]);
  expect(on(`${no}%c = arith.maxui %t, %f : V<i1>`)).toEqual([0, 1, 0, 1]);
});
