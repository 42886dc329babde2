import { type Expr, unary } from './expression.ts';

/** The element-wise functions of one argument: `erf(x.mul(0.5))`. */
export const neg = (x: Expr): Expr => unary('neg', x);
export const abs = (x: Expr): Expr => unary('abs', x);
export const exp = (x: Expr): Expr => unary('exp', x);
export const exp2 = (x: Expr): Expr => unary('exp2', x);
export const log = (x: Expr): Expr => unary('log', x);
export const log2 = (x: Expr): Expr => unary('log2', x);
export const sqrt = (x: Expr): Expr => unary('sqrt', x);
export const rsqrt = (x: Expr): Expr => unary('rsqrt', x);
export const reciprocal = (x: Expr): Expr => unary('reciprocal', x);
export const tanh = (x: Expr): Expr => unary('tanh', x);
export const erf = (x: Expr): Expr => unary('erf', x);
export const sin = (x: Expr): Expr => unary('sin', x);
export const cos = (x: Expr): Expr => unary('cos', x);
export const floor = (x: Expr): Expr => unary('floor', x);
export const ceil = (x: Expr): Expr => unary('ceil', x);
export const round = (x: Expr): Expr => unary('round', x);
export const not = (x: Expr): Expr => unary('not', x);
export const isnan = (x: Expr): Expr => unary('isnan', x);
