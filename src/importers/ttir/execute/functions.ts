import type { UnaryOp } from '../../../kernels/ir.ts';
import type { Node } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';

/**
 * Mathematical functions by the name that math.* and device libraries share (`exp`, `rsqrt`, `pow`).
 * What the IR has no operation for is written with those it has.
 */
type MathFunction = (pool: Pool, ...x: Node[]) => Node;

const unary =
  (op: UnaryOp): MathFunction =>
  (pool, x) =>
    pool.unary(op, x);
const like = (pool: Pool, x: Node, value: number): Node => pool.constant(value, x.dtype);
const add = (pool: Pool, a: Node, b: Node): Node => pool.binary('add', a, b);
const sub = (pool: Pool, a: Node, b: Node): Node => pool.binary('sub', a, b);
const mul = (pool: Pool, a: Node, b: Node): Node => pool.binary('mul', a, b);
const div = (pool: Pool, a: Node, b: Node): Node => pool.binary('div', a, b);
const half = (pool: Pool, x: Node): Node => mul(pool, like(pool, x, 0.5), x);
const negative = (pool: Pool, x: Node): Node => pool.compare('lt', x, like(pool, x, 0));

/** The larger or smaller number, where NaN is none: as C's fmax, unlike the IR's max. */
export function numbersOnly(pool: Pool, op: 'max' | 'min', x: Node, y: Node): Node {
  const ofBoth = pool.select(pool.unary('isnan', y), x, pool.binary(op, x, y));
  return pool.select(pool.unary('isnan', x), y, ofBoth);
}

/** Below 0, or −0, whose reciprocal is −∞. */
const signbit = (pool: Pool, x: Node): Node =>
  pool.binary('or', negative(pool, x), negative(pool, pool.unary('reciprocal', x)));

const trunc = (pool: Pool, x: Node): Node =>
  pool.select(negative(pool, x), pool.unary('ceil', x), pool.unary('floor', x));

/** To the nearest, halves away from zero; x + ½ would round itself. */
function round(pool: Pool, x: Node): Node {
  const whole = trunc(pool, x);
  const rest = sub(pool, x, whole);
  const isFar = pool.compare('ge', pool.unary('abs', rest), like(pool, x, 0.5));
  const step = pool.select(negative(pool, x), like(pool, x, -1), like(pool, x, 1));
  return pool.select(isFar, add(pool, whole, step), whole);
}

export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  exp: unary('exp'),
  exp2: unary('exp2'),
  log: unary('log'),
  log2: unary('log2'),
  sqrt: unary('sqrt'),
  rsqrt: unary('rsqrt'),
  rcp: unary('reciprocal'),
  tanh: unary('tanh'),
  erf: unary('erf'),
  sin: unary('sin'),
  cos: unary('cos'),
  floor: unary('floor'),
  ceil: unary('ceil'),
  abs: unary('abs'),
  nearbyint: unary('round'),
  rint: unary('round'),
  roundeven: unary('round'),
  isnan: unary('isnan'),
  trunc,
  round,
  exp10: (pool, x) => pool.unary('exp2', mul(pool, x, like(pool, x, Math.log2(10)))),
  expm1: (pool, x) => sub(pool, pool.unary('exp', x), like(pool, x, 1)),
  log1p: (pool, x) => pool.unary('log', add(pool, x, like(pool, x, 1))),
  log10: (pool, x) => mul(pool, pool.unary('log2', x), like(pool, x, Math.log10(2))),
  erfc: (pool, x) => sub(pool, like(pool, x, 1), pool.unary('erf', x)),
  tan: (pool, x) => div(pool, pool.unary('sin', x), pool.unary('cos', x)),
  sinh: (pool, x) => half(pool, sub(pool, pool.unary('exp', x), pool.unary('exp', pool.unary('neg', x)))),
  cosh: (pool, x) => half(pool, add(pool, pool.unary('exp', x), pool.unary('exp', pool.unary('neg', x)))),
  asinh: (pool, x) => {
    const root = pool.unary('sqrt', add(pool, mul(pool, x, x), like(pool, x, 1)));
    return pool.unary('log', add(pool, x, root));
  },
  acosh: (pool, x) => {
    const root = pool.unary('sqrt', sub(pool, mul(pool, x, x), like(pool, x, 1)));
    return pool.unary('log', add(pool, x, root));
  },
  atanh: (pool, x) => {
    const one = like(pool, x, 1);
    return half(pool, pool.unary('log', div(pool, add(pool, one, x), sub(pool, one, x))));
  },
  cbrt: (pool, x) => {
    const root = pool.binary('pow', pool.unary('abs', x), like(pool, x, 1 / 3));
    return pool.select(negative(pool, x), pool.unary('neg', root), root);
  },
  pow: (pool, x, y) => pool.binary('pow', x, pool.cast(y, x.dtype)),
  powi: (pool, x, y) => pool.binary('pow', x, pool.cast(y, x.dtype)),
  fmod: (pool, x, y) => pool.binary('rem', x, y),
  fmax: (pool, x, y) => numbersOnly(pool, 'max', x, y),
  fmin: (pool, x, y) => numbersOnly(pool, 'min', x, y),
  max: (pool, x, y) => pool.binary('max', x, y),
  min: (pool, x, y) => pool.binary('min', x, y),
  add,
  sub,
  mul,
  div,
  fma: (pool, x, y, z) => add(pool, mul(pool, x, y), z),
  hypot: (pool, x, y) => pool.unary('sqrt', add(pool, mul(pool, x, x), mul(pool, y, y))),
  ldexp: (pool, x, y) => mul(pool, x, pool.unary('exp2', pool.cast(y, x.dtype))),
  copysign: (pool, x, y) => {
    const size = pool.unary('abs', x);
    return pool.select(signbit(pool, y), pool.unary('neg', size), size);
  },
  isinf: (pool, x) => pool.compare('eq', pool.unary('abs', x), like(pool, x, Number.POSITIVE_INFINITY)),
  isfinite: (pool, x) => pool.compare('lt', pool.unary('abs', x), like(pool, x, Number.POSITIVE_INFINITY)),
  signbit,
};

/** Other names of the same functions. */
const ALIASES: Readonly<Record<string, string>> = {
  fabs: 'abs',
  absf: 'abs',
  absi: 'abs',
  powf: 'pow',
  fpowi: 'powi',
  finite: 'isfinite',
  isfinited: 'isfinite',
  isnand: 'isnan',
  isinfd: 'isinf',
  signbitd: 'signbit',
  recip: 'rcp',
  frcp_rn: 'rcp',
  fsqrt_rn: 'sqrt',
  sqrt_rn: 'sqrt',
  div_rn: 'div',
  fdiv_rn: 'div',
  fdivide: 'div',
  native_recip: 'rcp',
  float2int_rn: 'rint',
};

/** The function a device library's symbol names: `__nv_expf`, `__nv_fast_expf`, `__ocml_exp_f32`. */
export function libraryFunction(symbol: string): MathFunction | undefined {
  const bare = symbol.replace(/^__(?:nv|imf|ocml|devicelib)_/, '').replace(/^(?:fast|native)_/, '');
  const plain = bare.replace(/_f(?:16|32|64)$/, '');
  const short = plain.replace(/^ll/, '');
  const candidates = [plain, plain.replace(/f$/, ''), short, short.replace(/f$/, '')];
  for (const name of candidates) {
    const known = ALIASES[name] ?? name;
    if (Object.hasOwn(FUNCTIONS, known)) return FUNCTIONS[known];
  }
  return undefined;
}
