import type { DType } from '../../../kernels/ir.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';

/** How elements of a dtype are stored in memory, and how they are converted to lanes and back. */
export type Storage = Readonly<{
  bytes: 1 | 2 | 4;
  /** What a load gives before `decode`, and `encode` gives for a store. */
  raw: 'f32' | 'i32';
  load: string;
  store: string;
  /** The WAT that loads four contiguous elements as four lanes from an address. */
  loadWide: (memory: string) => string;
  decode: (l: Lanes, raw: CodeNode) => CodeNode;
  encode: (l: Lanes, value: CodeNode) => CodeNode;
}>;

const same = (_: Lanes, value: CodeNode): CodeNode => value;

const word = (type: 'f32' | 'i32'): Storage => ({
  bytes: 4,
  raw: type,
  load: `${type}.load`,
  store: `${type}.store`,
  loadWide: (memory) => `(v128.load ${memory})`,
  decode: same,
  encode: same,
});

const half = (signed: boolean, decode: Storage['decode'], encode: Storage['encode']): Storage => ({
  bytes: 2,
  raw: 'i32',
  load: signed ? 'i32.load16_s' : 'i32.load16_u',
  store: 'i32.store16',
  loadWide: (memory) => `(v128.load16x4_${signed ? 's' : 'u'} ${memory})`,
  decode,
  encode,
});

const byte = (sign: 's' | 'u', decode: Storage['decode'], encode: Storage['encode']): Storage => ({
  bytes: 1,
  raw: 'i32',
  load: `i32.load8_${sign}`,
  store: 'i32.store8',
  loadWide: (memory) =>
    `(i32x4.extend_low_i16x8_${sign} (i16x8.extend_low_i8x16_${sign} (v128.load32_zero ${memory})))`,
  decode,
  encode,
});

/** The storage of each dtype that variants read and write; i64 and f64 have none. */
export const STORAGE: Readonly<Partial<Record<DType, Storage>>> = Object.freeze({
  f32: word('f32'),
  i32: word('i32'),
  f16: half(false, floatFromHalf, halfFromFloat),
  bf16: half(false, (l, raw) => l.do('floatOf', l.shift('shl', raw, 16)), brainFromFloat),
  i16: half(true, same, same),
  i8: byte('s', same, same),
  u8: byte('u', same, same),
  bool: byte(
    'u',
    (l, raw) => l.do('ine', raw, l.i32(0)),
    (l, mask) => l.select(mask, l.i32(1), l.i32(0)),
  ),
});

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
