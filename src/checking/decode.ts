import type { Expected } from './expected.ts';

/** Element `n` of the data at an address, as a number. */
export type Decoder = (address: number, n: number) => number;

export function decoderOf(dtype: Expected['dtype'], buffer: ArrayBufferLike): Decoder {
  const view = new DataView(buffer);
  switch (dtype) {
    case 'f32':
      return (at, n) => view.getFloat32(at + 4 * n, true);
    case 'i32':
      return (at, n) => view.getInt32(at + 4 * n, true);
    case 'i16':
      return (at, n) => view.getInt16(at + 2 * n, true);
    case 'f16':
      return (at, n) => floatOfHalf(view.getUint16(at + 2 * n, true));
    case 'bf16':
      return (at, n) => floatOfBits(view.getUint16(at + 2 * n, true) << 16);
    case 'i8':
      return (at, n) => view.getInt8(at + n);
    case 'u8':
    case 'bool':
      return (at, n) => view.getUint8(at + n);
  }
}

const scratch = new DataView(new ArrayBuffer(4));

function floatOfBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

function floatOfHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
