import type { Type } from '../../src/importers/ttir/syntax/ast.ts';

/** Lanes in row-major order; for a pointer, `base` names the operand to which it points. */
export type Tensor = {
  shape: number[];
  data: Float64Array;
  type: string;
  base?: string;
  /** For a descriptor: the array that it describes. */
  array?: { extents: number[]; strides: number[]; outside: number };
};

export class Fault extends Error {}

export function elementwise(x: Tensor[], f: (...x: number[]) => number, type: string): Tensor {
  const [first, second, third] = x;
  const { shape } = first!;
  if (x.some((one) => one.shape.join() !== shape.join())) throw new Fault('shapes differ');
  const [a, b, c] = [first!.data, second?.data ?? first!.data, third?.data ?? first!.data];
  const data = new Float64Array(a.length);
  for (let i = 0; i < data.length; i++) data[i] = f(a[i]!, b[i]!, c[i]!);
  return { shape, data, type };
}

export function like(tensor: Tensor, shape: number[], value: (at: number[]) => number): Tensor {
  const data = new Float64Array(shape.reduce((all, size) => all * size, 1));
  forEachPoint(shape, (at, position) => {
    data[position] = value(at);
  });
  return { ...tensor, shape, data };
}

export function forEachPoint(
  shape: readonly number[],
  visit: (at: number[], position: number) => void,
): void {
  const count = shape.reduce((all, size) => all * size, 1);
  const at = shape.map(() => 0);
  for (let position = 0; position < count; position++) {
    visit(at, position);
    for (let n = shape.length - 1; n >= 0; n--) {
      at[n]! += 1;
      if (at[n]! < shape[n]!) break;
      at[n] = 0;
    }
  }
}

export function flat(shape: readonly number[], at: readonly number[]): number {
  return shape.reduce((total, size, n) => total * size + at[n]!, 0);
}

export function scalar(value: number, type: string): Tensor {
  return { shape: [], data: Float64Array.of(value), type };
}

export function shapeOf(type: Type): number[] {
  return type.kind === 'tensor' ? [...type.shape] : [];
}

export function elementName(type: Type): string {
  if (type.kind === 'tensor') return elementName(type.element);
  if (type.kind === 'pointer') return elementName(type.pointee);
  if (type.kind === 'descriptor') return elementName(type.block);
  return type.kind === 'other' ? type.text : type.name;
}
