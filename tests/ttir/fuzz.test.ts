import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';

const NAMES = [
  'per_argmin',
  'red_layer_norm_bf16.8x128',
  'tem_mm.100x70x50',
  'hand_block_ptr',
  'poi_cat',
  'red_2d',
];
const TEXTS = NAMES.map((name) => readFileSync(new URL(`texts/${name}.ttir`, import.meta.url), 'utf8'));
const TOKENS = [
  '%0',
  '%c0_i32',
  '{',
  '}',
  '(',
  ')',
  '<',
  '>',
  ':',
  '->',
  'tensor<0xf32>',
  'tensor<8x8xf32>',
].concat([
  '-1',
  '0',
  '4096',
  '9223372036854775807',
  '0xFF800000',
  'f16',
  'i1',
  'scf.for',
  'tt.reduce',
  'arith.muli',
  'arith.divsi',
  '"',
  'loc(',
]);

/** Imports a text; ignores InputError and rethrows any other error. */
function survives(text: string): void {
  try {
    importTtir(text, { file: 'fuzz.ttir' });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

describe('no input crashes or hangs the importer', () => {
  it('with bytes changed, removed and repeated', () => {
    const edit = fc.record({
      text: fc.constantFrom(...TEXTS),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(40),
      insert: fc.string({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(edit, ({ text, at, length, insert }) => {
        const start = Math.floor(at * text.length);
        survives(text.slice(0, start) + insert + text.slice(start + length));
      }),
      { numRuns: 120, seed: 7 },
    );
  });

  it('with tokens swapped', () => {
    const swap = fc.record({
      text: fc.constantFrom(...TEXTS),
      swaps: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...TOKENS)), {
        minLength: 1,
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(swap, ({ text, swaps }) => {
        const words = text.split(/( |,)/);
        for (const [at, token] of swaps) words[Math.floor(at * (words.length - 1))] = token;
        survives(words.join(''));
      }),
      { numRuns: 120, seed: 8 },
    );
  });

  it('with lines removed, repeated and moved', () => {
    const moves = fc.record({
      text: fc.constantFrom(...TEXTS),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(moves, ({ text, from, to }) => {
        const lines = text.split('\n');
        const [line] = lines.splice(Math.floor(from * (lines.length - 1)), 1);
        lines.splice(Math.floor(to * lines.length), 0, line!);
        survives(lines.join('\n'));
      }),
      { numRuns: 60, seed: 9 },
    );
  });

  const repeated = (count: number, line: (n: number) => string): string =>
    `tt.func @f(%p: !tt.ptr<f32>, %n: i32) {\n%x0 = arith.addi %n, %n : i32\n${Array.from({ length: count }, (_, n) => line(n)).join('\n')}\ntt.return\n}`;

  it.each([
    ['nested regions', `tt.func @f() { ${'scf.if %c { '.repeat(5000)}`],
    ['nested attributes', `tt.func @f() { a.b ${'{a = '.repeat(5000)}`],
    ['open brackets', 'tensor<'.repeat(5000)],
    ['open locations', `loc(${'callsite('.repeat(5000)}`],
    ['expressions that double', repeated(200, (n) => `%x${n + 1} = arith.muli %x${n}, %x${n} : i32`)],
    ['divisions of divisions', repeated(3000, (n) => `%x${n + 1} = arith.divsi %x${n}, %n : i32`)],
    ['a chain of operations', repeated(8000, (n) => `%x${n + 1} = arith.xori %x${n}, %n : i32`)],
    [
      'a huge tensor',
      'tt.func @f() { %0 = tt.make_range {end = 2147483647 : i32, start = 0 : i32} : tensor<4xi32> }',
    ],
  ])('with %s', (_, text) => {
    survives(text);
    expect(true).toBe(true);
  });
});

describe('errors have a place and a reason', () => {
  it.each([
    ['', /kernel\.ttir:1:1: no tt\.func/],
    ['hello', /kernel\.ttir:1:1: expected 'module' or 'tt\.func'/],
    ['module {\n  §\n}', /kernel\.ttir:2:3: unexpected character/],
    [
      'tt.func @f() {\n  %0 = tt.frobnicate %1 : i32\n}',
      /kernel\.ttir:2:8: tt\.frobnicate: this operation is not supported \(supported: arith/,
    ],
    [
      'tt.func @f() {\n  %0 = arith.addi %1, %2 : i32\n}',
      /kernel\.ttir:2:8: arith\.addi: %1 is not defined here/,
    ],
    ['tt.func @f() {\n  tt.return\n}', /stores nothing/],
  ])('%j', (text, message) => {
    expect(() => importTtir(text)).toThrow(message);
  });
});
