import { importTtir } from '../../src/importers/ttir/import-ttir.ts';
import type { Kernel } from '../../src/kernels/ir.ts';

/** Unsigned operations on edge values and on numbers of all 32 bits, in Triton IR and by definition in BigInt. */
export type Case = Readonly<{
  name: string;
  /** Lines that give %r of i32 or f32 from %x and %y of the width, or from %w, which is %x in i32. */
  lines: (type: string) => readonly string[];
  result?: 'f32';
  value: (x: bigint, y: bigint, bits: number) => bigint;
}>;

const COUNT = 4096;
const EDGES = [0, 1, -1, 31, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) + 1, 32, 127, 128, 255, 0x8000];
const vector = (type: string): string => `tensor<${COUNT}x${type}>`;

/** An operation of two operands that keeps its type. */
const plain = (op: string, value: Case['value'], y = '%y'): Case => ({
  name: `${op} ${y}`,
  lines: (type) => [`%n = arith.${op} %x, ${y} : ${vector(type)}`, ...widened(type)],
  value,
});
const compared = (predicate: string, holds: (x: bigint, y: bigint) => boolean): Case => ({
  name: `cmpi ${predicate}`,
  lines: (type) => [
    `%n = arith.cmpi ${predicate}, %x, %y : ${vector(type)}`,
    `%r = arith.extui %n : ${vector('i1')} to ${vector('i32')}`,
  ],
  value: (x, y) => BigInt(holds(x, y)),
});
const widened = (type: string): string[] =>
  type === 'i32'
    ? [`%r = arith.addi %n, %zero : ${vector('i32')}`]
    : [`%r = arith.extsi %n : ${vector(type)} to ${vector('i32')}`];
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const CASES: readonly Case[] = [
  plain('divui', (x, y) => x / y, '%d'),
  plain('remui', (x, y) => x % y, '%d'),
  plain('ceildivui', (x, y) => (x + y - 1n) / y, '%d'),
  plain('divui', (x) => x / 7n, '%seven'),
  plain('remui', (x) => x % 7n, '%seven'),
  plain('divui', (x) => x / 16n, '%sixteen'),
  plain('remui', (x) => x % 16n, '%sixteen'),
  plain('maxui', greatest),
  plain('minui', least),
  plain('shrui', (x, y, bits) => x >> (y & BigInt(bits - 1)), '%s'),
  plain('shrui', (x) => x, '%zeros'),
  plain('shrui', (x, _, bits) => x >> BigInt(bits - 1), '%last'),
  compared('ult', (x, y) => x < y),
  compared('ule', (x, y) => x <= y),
  compared('ugt', (x, y) => x > y),
  compared('uge', (x, y) => x >= y),
  {
    name: 'uitofp',
    lines: (type) => [`%r = arith.uitofp %x : ${vector(type)} to ${vector('f32')}`],
    result: 'f32',
    value: (x) => x,
  },
  {
    name: 'fptoui',
    // 24 bits, so that the float is exact.
    lines: (type) => [
      `%u = arith.andi %w, %mask : ${vector('i32')}`,
      `%f = arith.uitofp %u : ${vector('i32')} to ${vector('f32')}`,
      ...(type === 'i32'
        ? [`%r = arith.fptoui %f : ${vector('f32')} to ${vector('i32')}`]
        : [
            `%h = arith.remui %u, %range : ${vector('i32')}`,
            `%g = arith.uitofp %h : ${vector('i32')} to ${vector('f32')}`,
            `%n = arith.fptoui %g : ${vector('f32')} to ${vector(type)}`,
            ...widened(type),
          ]),
    ],
    value: (x, _, bits) => x & (bits === 32 ? 0xffffff00n : bits === 16 ? 0xff00n : 0n),
  },
];

/** A case that also zero-extends; of i32 there is nothing to extend to. */
const EXTENDED: Case = {
  name: 'extui',
  lines: (type) => [`%r = arith.extui %x : ${vector(type)} to ${vector('i32')}`],
  value: (x) => x,
};

export function casesOf(bits: number): readonly Case[] {
  return bits === 32 ? CASES : [...CASES, EXTENDED];
}

/** One program of all cases, each with an output of its own. */
function textOf(bits: number, cases: readonly Case[]): string {
  const type = `i${bits}`;
  const constant = (name: string, value: number, of = type): string =>
    `%${name} = arith.constant dense<${value}> : ${vector(of)}`;
  const side = (name: string, from: string): string[] => [
    `%${name}_0 = arith.muli %${from}, %spread : ${vector('i32')}`,
    `%${name}_k = arith.andi %${from}, %edges : ${vector('i32')}`,
    ...EDGES.flatMap((edge, n) => [
      `%${name}_e${n} = arith.constant dense<${edge}> : ${vector('i32')}`,
      `%${name}_n${n} = arith.constant dense<${n}> : ${vector('i32')}`,
      `%${name}_c${n} = arith.cmpi eq, %${name}_k, %${name}_n${n} : ${vector('i32')}`,
      `%${name}_${n + 1} = arith.select %${name}_c${n}, %${name}_e${n}, %${name}_${n} : ${vector('i1')}, ${vector('i32')}`,
    ]),
  ];
  const narrow = (name: string, wide: string): string =>
    bits === 32
      ? `%${name} = arith.addi ${wide}, %zero : ${vector('i32')}`
      : `%${name} = arith.trunci ${wide} : ${vector('i32')} to ${vector(type)}`;
  const at = (pointer: string, name: string, element: string): string[] => [
    `%${name}_b = tt.splat %${pointer} : !tt.ptr<${element}> -> ${vector(`!tt.ptr<${element}>`)}`,
    `%${name}_p = tt.addptr %${name}_b, %i : ${vector(`!tt.ptr<${element}>`)}, ${vector('i32')}`,
  ];
  const body = cases.flatMap((one, n) => {
    const result = one.result ?? 'i32';
    const own = (line: string): string => line.replaceAll(/%([nrufgh])\b/g, `%$1_${n}`);
    return [
      ...one.lines(type).map(own),
      ...at(`out${n}`, `o${n}`, result),
      `tt.store %o${n}_p, %r_${n} : ${vector(`!tt.ptr<${result}>`)}`,
    ];
  });
  const outs = cases.map(({ result = 'i32' }, n) => `%out${n}: !tt.ptr<${result}>`);
  return `tt.func public @k(%a: !tt.ptr<i32>, %b: !tt.ptr<i32>, ${outs.join(', ')}) {
%i = tt.make_range {end = ${COUNT} : i32, start = 0 : i32} : ${vector('i32')}
${[
  constant('spread', 0x9e3779b1 | 0, 'i32'),
  constant('edges', 31, 'i32'),
  constant('zero', 0, 'i32'),
  constant('mask', -256, 'i32'),
  constant('range', 2 ** Math.min(bits, 31 - 1), 'i32'),
  constant('seven', 7),
  constant('sixteen', 16),
  constant('zeros', 0),
  constant('one', 1),
  constant('last', bits - 1),
  ...at('a', 'a', 'i32'),
  ...at('b', 'b', 'i32'),
  `%la = tt.load %a_p : ${vector('!tt.ptr<i32>')}`,
  `%lb = tt.load %b_p : ${vector('!tt.ptr<i32>')}`,
  ...side('x', 'la'),
  ...side('y', 'lb'),
  `%w = arith.addi %x_${EDGES.length}, %zero : ${vector('i32')}`,
  narrow('x', `%x_${EDGES.length}`),
  narrow('y', `%y_${EDGES.length}`),
  `%s = arith.andi %y, %last : ${vector(type)}`,
  `%isnone = arith.cmpi eq, %y, %zeros : ${vector(type)}`,
  `%d = arith.select %isnone, %one, %y : ${vector('i1')}, ${vector(type)}`,
  ...body,
].join('\n')}
tt.return
}`;
}

export function kernelOf(bits: number, isWanted: (one: Case) => boolean = () => true): Kernel {
  const text = textOf(bits, casesOf(bits).filter(isWanted));
  return importTtir(text, { file: `unsigned-${bits}` }).kernel;
}

/** What a case gives for elements of %a and %b. */
export function expectedOf(one: Case, bits: number, a: number, b: number): number {
  const [x, y] = [operand(a), operand(b)].map((value) => BigInt.asUintN(bits, BigInt(value)));
  const divisor = /%d$/.test(one.name) && y === 0n ? 1n : y!;
  const value =
    one.name === 'fptoui'
      ? one.value(BigInt.asUintN(32, BigInt(operand(a))), y!, bits)
      : one.value(x!, divisor, bits);
  if (one.result === 'f32' || one.name === 'extui') return Number(value);
  return one.name.startsWith('cmpi') ? Number(value) : Number(BigInt.asIntN(bits, value));
}

function operand(loaded: number): number {
  return EDGES[loaded & 31] ?? Math.imul(loaded, 0x9e3779b1);
}
