import { type AffineIndex, type Dim, defineKernel, type Expr } from '../../kernels/builder.ts';
import type { DType, Kernel } from '../../kernels/ir.ts';
import type { Launch, TensorView } from './wrapper.ts';

type Product = Extract<Launch, { kind: 'product' }>;
type Known = Readonly<{ sizes: readonly number[]; strides: readonly number[] }>;

/**
 * The product that a wrapper leaves to a library, with the operands' own strides: a transposed
 * weight is read as such. Undefined with a reason where the wrapper does not say its shapes.
 */
export function matrixProduct(launch: Product): Kernel | string {
  const left = known(launch.left);
  const right = known(launch.right);
  const dtype = launch.result.dtype ?? launch.left.dtype ?? launch.right.dtype;
  if (left === undefined || right === undefined)
    return 'the sizes of its operands are no numbers in the wrapper';
  if (dtype === undefined) return 'the wrapper does not say the dtype of its result';
  const rank = left.sizes.length;
  const [m, k] = left.sizes.slice(-2);
  const n = right.sizes.at(-1);
  const fits = rank === right.sizes.length && (rank === 2 || rank === 3) && right.sizes.at(-2) === k;
  if (!fits || m === undefined || n === undefined || k === undefined)
    return 'its operands are no matrices that fit';
  const batch = rank === 3 ? left.sizes[0] : undefined;
  const bias = launch.bias === undefined ? undefined : known(launch.bias);
  if (launch.bias !== undefined && bias === undefined)
    return 'the size of its bias is no number in the wrapper';
  return build(launch, { left, right, bias, dtype, batch, m, n, k });
}

type Parts = Readonly<{
  left: Known;
  right: Known;
  bias: Known | undefined;
  dtype: DType;
  batch: number | undefined;
  m: number;
  n: number;
  k: number;
}>;

function build({ alpha, beta }: Product, { left, right, bias, dtype, batch, m, n, k }: Parts): Kernel {
  const name = batch === undefined ? 'matmul' : 'batched-matmul';
  const shape = batch === undefined ? [m, n, k] : [batch, m, n, k];
  return defineKernel(name, { shape, dtype }, (b) => {
    const outer = batch === undefined ? [] : [b.dimension('batch', batch)];
    const [row, column, depth] = [b.dimension('m', m), b.dimension('n', n), b.dimension('k', k)];
    const wide: DType = dtype === 'i8' ? 'i32' : dtype === 'f64' ? 'f64' : 'f32';
    const read = (operand: string, { sizes, strides }: Known, dims: readonly Dim[]): Expr => {
      const buffer = b.input(operand, dtype, [elementsOf(sizes, strides)]);
      return buffer.at(flat(strides, dims.slice(dims.length - sizes.length)));
    };
    const a = read('a', left, [...outer, row, depth]);
    const other = read('b', right, [...outer, depth, column]);
    const product = scaled(b.contract(a, other, depth, wide), alpha);
    const added =
      bias === undefined ? undefined : scaled(read('bias', bias, [...outer, row, column]).to(wide), beta);
    const result = added === undefined ? product : product.add(added);
    const target = b.output('c', dtype === 'i8' ? 'i32' : dtype, [...shape.slice(0, -1)]);
    b.store(target, [...outer, row, column], result.to(target.dtype));
  });
}

function scaled(value: Expr, factor: number): Expr {
  return factor === 1 ? value : value.mul(factor);
}

function flat(strides: readonly number[], dims: readonly Dim[]): AffineIndex {
  const [first, ...others] = dims.map((dim, position) => dim.times(strides[position]));
  return others.reduce<AffineIndex>((sum, index) => sum.plus(index), first);
}

function elementsOf(sizes: readonly number[], strides: readonly number[]): number {
  return sizes.reduce((last, size, position) => last + (size - 1) * strides[position], 1);
}

function known({ sizes, strides }: TensorView): Known | undefined {
  if (sizes === undefined || strides === undefined || sizes.length !== strides.length) return undefined;
  return sizes.every((size) => size >= 1) && strides.every((stride) => stride >= 0)
    ? { sizes, strides }
    : undefined;
}
