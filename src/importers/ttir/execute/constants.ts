import type { Attribute, ScalarType, Type } from '../syntax/ast.ts';

/** The number a literal stands for; hexadecimal floats are bit patterns. NaN where it is none. */
export function literalNumber(literal: Attribute, type: Type): number {
  if (literal.kind === 'bool') return Number(literal.value);
  if (literal.kind !== 'number') return Number.NaN;
  const scalar = type.kind === 'tensor' ? type.element : type;
  if (scalar.kind === 'float' && /^-?0x/i.test(literal.text))
    return floatFromBits(BigInt(literal.text), scalar);
  if (scalar.kind === 'float' && scalar.bits === 32) return Math.fround(Number(literal.text));
  if (scalar.kind !== 'int' || !/^(0x[\da-f]+|-?\d+)$/i.test(literal.text)) return Number(literal.text);
  return Number(BigInt.asIntN(scalar.bits, BigInt(literal.text)));
}

function floatFromBits(bits: bigint, { name }: ScalarType): number {
  const view = new DataView(new ArrayBuffer(8));
  if (name === 'f64') {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  }
  if (name === 'f16') return halfFromBits(Number(bits));
  view.setUint32(0, Number(name === 'bf16' ? bits << 16n : bits) % 2 ** 32);
  return view.getFloat32(0);
}

function halfFromBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
