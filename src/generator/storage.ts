import type { DType } from '../kernels/ir.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import type { CodeLanguage, Element } from './language.ts';

/** An element in memory, and how it is converted to lanes and back. */
export type Storage = Element &
  Readonly<{
    decode: (l: Lanes, raw: CodeNode) => CodeNode;
    encode: (l: Lanes, value: CodeNode) => CodeNode;
  }>;

const same = (_: Lanes, value: CodeNode): CodeNode => value;
const plain = { signed: true, decode: same, encode: same };

/** The storage of each dtype that variants read and write; i64 and f64 have none. */
export const STORAGE: Readonly<Partial<Record<DType, Storage>>> = Object.freeze({
  f32: { bytes: 4, raw: 'f32', ...plain },
  i32: { bytes: 4, raw: 'i32', ...plain },
  f16: { bytes: 2, raw: 'i32', signed: false, decode: floatFromHalf, encode: halfFromFloat },
  bf16: {
    bytes: 2,
    raw: 'i32',
    signed: false,
    decode: (l, raw) => l.do('floatOf', l.shift('shl', raw, 16)),
    encode: brainFromFloat,
  },
  i16: { bytes: 2, raw: 'i32', ...plain },
  i8: { bytes: 1, raw: 'i32', ...plain },
  u8: { bytes: 1, raw: 'i32', ...plain, signed: false },
  bool: {
    bytes: 1,
    raw: 'i32',
    signed: false,
    decode: (l, raw) => l.do('ine', raw, l.i32(0)),
    encode: (l, mask) => l.select(mask, l.i32(1), l.i32(0)),
  },
});

/** f16 where loads and stores convert it. */
const HALF: Storage = Object.freeze({ bytes: 2, raw: 'f32', half: true, ...plain, signed: false });

/** The storage of a dtype. Throws for one that variants cannot hold: whoever generates code refuses it before. */
export function storageOf({ dtype }: Readonly<{ dtype: DType }>): Storage {
  const storage = STORAGE[dtype];
  if (storage === undefined) throw new Error(`no storage for ${dtype}`);
  return storage;
}

/** The storage of an array in the language that code is written in. */
export function storageIn({ convertsHalves }: CodeLanguage, array: Readonly<{ dtype: DType }>): Storage {
  return array.dtype === 'f16' && convertsHalves ? HALF : storageOf(array);
}

/** f16 to f32: exponent and fraction are shifted to f32's, and 2^112 corrects the bias, denormals included. */
function floatFromHalf(l: Lanes, raw: CodeNode): CodeNode {
  const magnitude = l.shift('shl', l.do('iand', raw, l.i32(0x7fff)), 13);
  const scaled = l.do('mul', l.do('floatOf', magnitude), l.f32(2 ** 112));
  const special = l.do('ge', scaled, l.f32(65536));
  const fixed = l.select(special, l.do('ior', magnitude, l.i32(0x7f800000)), l.do('bitsOf', scaled));
  const sign = l.shift('shl', l.do('iand', raw, l.i32(0x8000)), 16);
  return l.do('floatOf', l.do('ior', fixed, sign));
}

/** f32 to f16, to nearest, ties to even (IEEE 754); values that are too large become infinite. */
function halfFromFloat(l: Lanes, value: CodeNode): CodeNode {
  const bits = l.do('bitsOf', value);
  const size = l.do('abs', value);
  const magnitude = l.do('bitsOf', size);
  const odd = l.do('iand', l.shift('shr_u', magnitude, 13), l.i32(1));
  const rounded = l.do('iadd', l.do('iadd', magnitude, odd), l.i32(0xfff - (112 << 23)));
  const normal = l.shift('shr_u', rounded, 13);
  const denormal = l.do('isub', l.do('bitsOf', l.do('add', size, l.f32(0.5))), l.i32(0x3f000000));
  const finite = l.select(l.do('lt', size, l.f32(2 ** -14)), denormal, normal);
  const bounded = l.select(l.do('ge', size, l.f32(65520)), l.i32(0x7c00), finite);
  const number = l.select(l.do('ne', value, value), l.i32(0x7e00), bounded);
  const sign = l.do('iand', l.shift('shr_u', bits, 16), l.i32(0x8000));
  return l.do('ior', number, sign);
}

function brainFromFloat(l: Lanes, value: CodeNode): CodeNode {
  const bits = l.do('bitsOf', value);
  const odd = l.do('iand', l.shift('shr_u', bits, 16), l.i32(1));
  const rounded = l.shift('shr_u', l.do('iadd', l.do('iadd', bits, odd), l.i32(0x7fff)), 16);
  return l.select(l.do('ne', value, value), l.i32(0x7fc0), rounded);
}
