import type { Operation } from '../../src/importers/ttir/syntax/ast.ts';
import { flat, like, type Tensor } from './tensor.ts';

/** An array that a program describes: its extents and strides, and what is read outside of it. */
export function descriptor(op: Operation, [base, ...sizes]: Tensor[]): Tensor {
  const values = sizes.map(({ data }) => data[0]!);
  const padding = op.attributes.get('padding');
  const outside = padding?.kind === 'number' && padding.text === '2' ? Number.NaN : 0;
  const rank = values.length / 2;
  return { ...base!, array: { extents: values.slice(0, rank), strides: values.slice(rank), outside } };
}

/** The addresses of a tile, which of them are inside the array, and the value read outside of it. */
export function tileOf(
  { array, base, type }: Tensor,
  shape: number[],
  starts: Tensor[],
): [Tensor, Tensor, Tensor] {
  const { extents, strides, outside } = array!;
  const dropped = extents.length - shape.length;
  const blank: Tensor = { shape, data: new Float64Array(0), type };
  const places = (at: number[]): number[] =>
    extents.map((_, n) => starts[n]!.data[0]! + (n < dropped ? 0 : at[n - dropped]!));
  const address = (at: number[]): number =>
    places(at).reduce((total, place, n) => total + place * strides[n]!, 0);
  const isInside = (at: number[]): boolean =>
    places(at).every((place, n) => place >= 0 && place < extents[n]!);
  const pointers = like(blank, shape, address);
  if (base !== undefined) pointers.base = base;
  return [pointers, like(blank, shape, (at) => Number(isInside(at))), like(blank, shape, () => outside)];
}

/** A matrix product over the last two dimensions, added to `c`. */
export function dot(a: Tensor, b: Tensor, c: Tensor): Tensor {
  const depth = a.shape.at(-1)!;
  return like(c, c.shape, (at) => {
    const [row, column] = at.slice(-2) as [number, number];
    const batch = at.slice(0, -2);
    let total = c.data[flat(c.shape, at)]!;
    for (let k = 0; k < depth; k++) {
      total += a.data[flat(a.shape, [...batch, row, k])]! * b.data[flat(b.shape, [...batch, k, column])]!;
    }
    return total;
  });
}
