import { type Expr, erf, exp, neg, reciprocal, tanh } from '../builder.ts';
import type { LibraryKernel } from './_entry.ts';
import { elementwiseEntry } from './elementwise.ts';

function activation(name: string, summary: string, f: (x: Expr) => Expr): LibraryKernel {
  return elementwiseEntry({ name, summary, dtypes: ['f32', 'f16'], defaultShape: [1048576] }, ['x'], f);
}

const logistic = (x: Expr): Expr => reciprocal(exp(neg(x)).add(1));

export const relu = elementwiseEntry(
  { name: 'relu', summary: 'max(x, 0)', dtypes: ['f32', 'f16', 'i8'], defaultShape: [1048576] },
  ['x'],
  (x) => x.max(0),
);
export const sigmoid = activation('sigmoid', '1 / (1 + exp(-x))', logistic);
export const silu = activation('silu', 'x · sigmoid(x)', (x) => x.mul(logistic(x)));
export const tanhKernel = activation('tanh', 'hyperbolic tangent', tanh);
export const expKernel = activation('exp', 'exponential', exp);
export const gelu = activation('gelu', 'x · ½ · (1 + erf(x / √2))', (x) =>
  x.mul(0.5).mul(erf(x.mul(Math.SQRT1_2)).add(1)),
);
/** The approximation of GELU with tanh (Hendrycks and Gimpel, arXiv 1606.08415). */
export const geluTanh = activation('gelu-tanh', 'GELU by its tanh approximation', (x) => {
  const cubic = x.mul(x).mul(x).mul(0.044715).add(x);
  return x.mul(0.5).mul(tanh(cubic.mul(Math.sqrt(2 / Math.PI))).add(1));
});
export const siluMul = elementwiseEntry(
  { name: 'silu-mul', summary: 'silu(gate) · up', dtypes: ['f32', 'f16'], defaultShape: [1048576] },
  ['gate', 'up'],
  (gate, up) => gate.mul(logistic(gate)).mul(up),
);
