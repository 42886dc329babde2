import { describe, expect, it } from 'vitest';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';

const STORE = 'tt.store %outs, %v : tensor<64x!tt.ptr<f32>>';

/** A program over 64 floats %a and whole numbers %b; the lines of `body` begin at line 11. */
function program(...body: readonly string[]): string {
  return `module {
  tt.func public @k(%in: !tt.ptr<f32>, %whole: !tt.ptr<i32>, %out: !tt.ptr<f32>) {
    %i = tt.make_range {end = 64 : i32, start = 0 : i32} : tensor<64xi32>
    %base = tt.splat %in : !tt.ptr<f32> -> tensor<64x!tt.ptr<f32>>
    %ins = tt.addptr %base, %i : tensor<64x!tt.ptr<f32>>, tensor<64xi32>
    %obase = tt.splat %out : !tt.ptr<f32> -> tensor<64x!tt.ptr<f32>>
    %outs = tt.addptr %obase, %i : tensor<64x!tt.ptr<f32>>, tensor<64xi32>
    %wbase = tt.splat %whole : !tt.ptr<i32> -> tensor<64x!tt.ptr<i32>>
    %wholes = tt.addptr %wbase, %i : tensor<64x!tt.ptr<i32>>, tensor<64xi32>
    %a = tt.load %ins : tensor<64x!tt.ptr<f32>>    %b = tt.load %wholes : tensor<64x!tt.ptr<i32>>
    ${body.join('\n    ')}
    tt.return
  }
}`;
}

function refusalOf(text: string): string {
  try {
    importTtir(text, { file: 'k.ttir' });
  } catch (error) {
    if (error instanceof Error) return `${error.name} ${error.message}`;
  }
  return 'imported';
}

it('imports the valid program from which the refusals below are made', () => {
  expect(refusalOf(program('%v = arith.addf %a, %a : tensor<64xf32>', STORE))).toBe('imported');
});

describe('operands of the wrong type are refused at their use', () => {
  it.each([
    ['arith.mulf %a, %b : tensor<64xf32>', 'arith.mulf: takes operands of one float type, got f32 and i32'],
    ['arith.mulf %b, %b : tensor<64xi32>', 'arith.mulf: takes operands of one float type, got i32 and i32'],
    ['arith.andi %a, %a : tensor<64xf32>', 'arith.andi: takes operands of one integer type, got f32 and f32'],
    ['math.exp %b : tensor<64xi32>', 'math.exp: takes an operand of float type, got i32'],
    [
      'arith.cmpf olt, %a, %b : tensor<64xf32>',
      'arith.cmpf: takes operands of one float type, got f32 and i32',
    ],
    [
      'arith.select %b, %a, %a : tensor<64xi1>, tensor<64xf32>',
      'arith.select: takes a condition of i1, got i32',
    ],
    ['tt.load %ins, %b : tensor<64x!tt.ptr<f32>>', 'tt.load: takes a condition of i1, got i32'],
  ])('%s', (line, message) => {
    expect(refusalOf(program(`%v = ${line}`, STORE))).toContain(`InputError k.ttir:11:10: ${message}`);
  });
});

describe('an address that is not affine is refused at its access', () => {
  const square = '%far = arith.muli %i, %i : tensor<64xi32>';
  const zero = '%by = arith.constant dense<0> : tensor<64xi32>';
  const seven = '%by = arith.constant dense<7> : tensor<64xi32>';
  const divided = '%far = arith.divsi %i, %by : tensor<64xi32>';
  const through = (base: string): string =>
    `%p = tt.addptr ${base}, %far : tensor<64x!tt.ptr<f32>>, tensor<64xi32>`;
  const load = [through('%base'), '%v = tt.load %p : tensor<64x!tt.ptr<f32>>', STORE];
  const store = [through('%obase'), 'tt.store %p, %a : tensor<64x!tt.ptr<f32>>'];

  it.each([
    ['a load of x * x', [square, ...load], /13:10: tt\.load: the address in %in is not affine/],
    ['a store to x * x', [square, ...store], /13:5: tt\.store: the address in %out is not affine/],
    ['a load of x / 0', [zero, divided, ...load], /:\d+:\d+: tt\.load: not affine/],
    [
      'a store to x / 7',
      [seven, divided, ...store],
      /14:5: tt\.store: not affine: an index of 64 values is divided by 7, which does not divide 64/,
    ],
  ])('%s', (_, body, message) => {
    expect(refusalOf(program(...body))).toMatch(message);
  });
});

describe('names, types and operations', () => {
  const sum = '%v = arith.addf %a, %a : tensor<64xf32>';

  it('a print is ignored', () => {
    const print = 'tt.print " v: " {hex = false, isSigned = array<i32: 0>} : %a : tensor<64xf32>';
    expect(refusalOf(program(print, sum, STORE))).toBe('imported');
  });

  it('an unknown operation is refused by its name, with the supported ones', () => {
    const message = refusalOf(program('tt.shout "a" {n = 1 : i32} : %a : tensor<64xf32>', sum, STORE));
    expect(message).toMatch(/k\.ttir:11:5: tt\.shout: this operation is not supported.*supported: arith/);
  });

  it('an argument of an unsupported type is refused at its use', () => {
    const text = program(sum, STORE).replaceAll('%in: !tt.ptr<f32>', '%in: !tt.ptr<complex<f32>>');
    const problem = '%in has the type !tt.ptr<complex<f32>>, which is not supported';
    expect(refusalOf(text)).toContain(`k.ttir:4:13: tt.splat: ${problem}`);
  });

  it('a constant of an unsupported type is refused', () => {
    const line = '%c = arith.constant dense<(1.0, 0.0)> : tensor<64xcomplex<f32>>';
    const message = refusalOf(program(line, sum, STORE));
    expect(message).toContain('k.ttir:11:10: arith.constant: a constant of a type that is not supported');
  });

  it('an unreadable form is refused with its operation', () => {
    const message = refusalOf(program('%v = tt.shout %a | %a : tensor<64xf32>', STORE));
    expect(message).toContain(
      "k.ttir:11:22: expected an operand, an attribute or a type of tt.shout, got '|'",
    );
  });

  it.each(['%v', '%in', '%i'])('a second definition of %s is refused at its place', (name) => {
    const again = `${name} = arith.mulf %a, %a : tensor<64xf32>`;
    const column = 8 + name.length;
    expect(refusalOf(program(sum, again, STORE))).toContain(`k.ttir:12:${column}: ${name} is defined twice`);
  });
});

describe('an argument with the name of a dimension', () => {
  it('keeps its name; the dimension gets another', () => {
    const { kernel } = importTtir(
      program(STORE.replace('%v', '%a')).replaceAll('%in:', '%x:').replaceAll('splat %in ', 'splat %x '),
    );
    expect(kernel.operands.map(({ name }) => name)).toEqual(['x', 'out']);
    expect(kernel.dimensions.map(({ name }) => name)).not.toContain('x');
  });
});

describe('what the IR cannot express exactly is refused, and says what to do', () => {
  const wide = '%w = arith.extsi %b : tensor<64xi32> to tensor<64xi64>';
  const bits = '%z = arith.cmpi slt, %b, %b : tensor<64xi32>';
  const places = (count: number): string => `%n = arith.constant dense<${count}> : tensor<64xi32>`;

  it.each(['divui', 'remui', 'ceildivui', 'shrui'])('%s of i64 data', (op) => {
    const message = refusalOf(program(wide, `%v = arith.${op} %w, %w : tensor<64xi64>`, STORE));
    expect(message).toContain(
      `arith.${op}: unsigned i64 data may exceed what the kernel IR computes exactly`,
    );
    expect(message).toContain('(compute in i32, or use the signed operation');
  });

  it.each([
    ['arith.uitofp %w : tensor<64xi64> to tensor<64xf32>', wide, 'unsigned i64 data'],
    ['arith.fptoui %a : tensor<64xf32> to tensor<64xi64>', '', 'unsigned i64 data'],
    ['arith.divui %z, %z : tensor<64xi1>', bits, 'arith.divui: divides or shifts i1 (extend it first)'],
    ['arith.shrui %b, %n : tensor<64xi32>', places(32), 'arith.shrui: shifts i32 by 32 (allowed: 0 to 31)'],
    ['arith.shli %b, %n : tensor<64xi32>', places(-1), 'arith.shli: shifts i32 by -1 (allowed: 0 to 31)'],
    [
      'tt.fp_to_fp %a, rounding = rtz : tensor<64xf32> -> tensor<64xf16>',
      '',
      "tt.fp_to_fp: rounds by 'rtz' (supported: to the nearest, ties to even)",
    ],
    [
      'arith.truncf %a toward_zero : tensor<64xf32> to tensor<64xf16>',
      '',
      "arith.truncf: rounds by 'toward_zero'",
    ],
  ])('%s', (line, before, message) => {
    expect(refusalOf(program(before, `%v = ${line}`, STORE))).toContain(message);
  });

  it('a type with a sign, which no Triton operation takes', () => {
    const text = program('%v = arith.addf %a, %a : tensor<64xf32>', STORE).replaceAll(
      'ptr<i32>',
      'ptr<ui32>',
    );
    expect(refusalOf(text)).toContain('%whole has the type !tt.ptr<ui32>, which is not supported');
  });
});
