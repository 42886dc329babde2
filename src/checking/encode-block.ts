import type { DType } from '../kernels/ir.ts';
import { unsupported } from '../lowering/expressions/unsupported.ts';

/** Numbers that are exact in a dtype as the bytes that a variant reads. Throws InputError for i64 and f64. */
export function encodeBlock(dtype: DType, values: Float64Array): Uint8Array<ArrayBuffer> {
  switch (dtype) {
    case 'f32':
      return bytesOf(Float32Array.from(values));
    case 'i32':
      return bytesOf(Int32Array.from(values));
    case 'i16':
      return bytesOf(Int16Array.from(values));
    case 'f16':
      return bytesOf(Uint16Array.from(values, halfBits));
    case 'bf16':
      return bytesOf(Uint16Array.from(values, (value) => floatBits(value) >>> 16));
    case 'i8':
      return bytesOf(Int8Array.from(values));
    case 'u8':
    case 'bool':
      return Uint8Array.from(values);
    default:
      throw unsupported(`${dtype} operands`);
  }
}

function bytesOf(array: Readonly<{ buffer: ArrayBuffer }>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer);
}

const scratch = new DataView(new ArrayBuffer(4));

function floatBits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | ((exponent + 15) << 10) | Math.round((size / 2 ** exponent - 1) * 1024);
}
