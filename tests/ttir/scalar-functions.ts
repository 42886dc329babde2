import { erf } from '../../src/kernels/erf.ts';

/** The operations of Triton IR on numbers, in float64. */
function small(a: number, b: number): boolean {
  return (a | 0) === a && (b | 0) === b;
}

export const PREDICATES = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge'];

export const SIMPLE: Record<string, (...x: number[]) => number> = {
  addf: (a, b) => a! + b!,
  addi: (a, b) => a! + b!,
  subf: (a, b) => a! - b!,
  subi: (a, b) => a! - b!,
  mulf: (a, b) => a! * b!,
  muli: (a, b) => a! * b!,
  divf: (a, b) => a! / b!,
  precise_divf: (a, b) => a! / b!,
  divsi: (a, b) => Math.trunc(a! / b!),
  divui: (a, b) => Math.trunc(a! / b!),
  remsi: (a, b) => a! % b!,
  remui: (a, b) => a! % b!,
  remf: (a, b) => a! % b!,
  andi: (a, b) => (small(a!, b!) ? a! & b! : Number(BigInt(a!) & BigInt(b!))),
  ori: (a, b) => (small(a!, b!) ? a! | b! : Number(BigInt(a!) | BigInt(b!))),
  xori: (a, b) => (small(a!, b!) ? a! ^ b! : Number(BigInt(a!) ^ BigInt(b!))),
  shli: (a, b) => a! * 2 ** b!,
  shrsi: (a, b) => Math.floor(a! / 2 ** b!),
  shrui: (a, b) => Math.floor(a! / 2 ** b!),
  negf: (a) => -a!,
  maxnumf: (a, b) => Math.max(a!, b!),
  maxf: (a, b) => Math.max(a!, b!),
  maximumf: (a, b) => Math.max(a!, b!),
  minnumf: (a, b) => Math.min(a!, b!),
  minimumf: (a, b) => Math.min(a!, b!),
  maxsi: (a, b) => Math.max(a!, b!),
  minsi: (a, b) => Math.min(a!, b!),
  clampf: (x, lo, hi) => Math.min(Math.max(x!, lo!), hi!),
  fma: (a, b, c) => a! * b! + c!,
  absf: Math.abs,
  precise_sqrt: Math.sqrt,
};

export const LIBRARY: Record<string, (...x: number[]) => number> = {
  exp: Math.exp,
  exp2: (x) => 2 ** x!,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  tanh: Math.tanh,
  erf,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x!),
  sin: Math.sin,
  cos: Math.cos,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  fabs: Math.abs,
  nearbyint: (x) => {
    const floor = Math.floor(x!);
    const middle = x! - floor === 0.5;
    return middle ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(x!);
  },
  pow: Math.pow,
  fmod: (a, b) => a! % b!,
  isnan: (x) => Number(Number.isNaN(x)),
  isinf: (x) => Number(Math.abs(x!) === Number.POSITIVE_INFINITY),
  signbit: (x) => Number(x! < 0),
};

export function comparison(name: string, float: boolean): (...x: number[]) => number {
  const unordered = float && name.startsWith('u');
  const plain = float ? name.slice(1) : name.replace(/^[su](?=[lg])/, '');
  const holds = HOLDS[plain]!;
  return (a, b) => {
    if (float && (Number.isNaN(a) || Number.isNaN(b))) return Number(unordered);
    return Number(holds(a!, b!));
  };
}

const HOLDS: Record<string, (x: number, y: number) => boolean> = {
  eq: (x, y) => x === y,
  ne: (x, y) => x !== y,
  lt: (x, y) => x < y,
  le: (x, y) => x <= y,
  gt: (x, y) => x > y,
  ge: (x, y) => x >= y,
};
