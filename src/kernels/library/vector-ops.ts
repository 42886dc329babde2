import { defineKernel, type KernelBuilder } from '../builder.ts';
import { type LibraryKernel, libraryEntry } from './_entry.ts';

/** Bytes of one vector of each input: the unit of the shape. */
const VECTOR_BYTES = 128;
const SUM_BYTES = 4;

/**
 * A stream of single vector instructions, as TVM's Hexagon parallelism measurements time them
 * (apache/tvm pull request 12654). The shape [n] is n operations on vectors of 128 bytes.
 */
function vectorOps(
  name: string,
  summary: string,
  describe: (k: KernelBuilder, operations: number) => void,
): LibraryKernel {
  return libraryEntry({
    name,
    summary,
    dtypes: ['u8'],
    defaultShape: [2048],
    shapeWords: 'N: vector operations of 128 bytes',
    ranks: [1],
    make: (shape, dtype) => defineKernel(name, { shape, dtype }, (k) => describe(k, shape[0])),
  });
}

/** Moves 384 bytes for each operation: two vectors in, one out. */
export const vadd = vectorOps('vadd', 'bytes added, wrapping: 128 + 128 in, 128 out', (k, operations) => {
  const n = operations * VECTOR_BYTES;
  const i = k.dimension('i', n);
  const [x, y] = [k.input('x', 'u8', [n]).at(i), k.input('y', 'u8', [n]).at(i)];
  k.store(k.output('out', 'u8', [n]), [i], x.add(y));
});

/** Moves 512 bytes for each operation: two vectors in, a register pair out. */
export const vmpy = vectorOps(
  'vmpy',
  'bytes multiplied into 16 bits: 128 + 128 in, 256 out',
  (k, operations) => {
    const n = operations * VECTOR_BYTES;
    const i = k.dimension('i', n);
    const [x, y] = [k.input('x', 'u8', [n]).at(i), k.input('y', 'u8', [n]).at(i)];
    k.store(k.output('out', 'i16', [n]), [i], x.to('i16').mul(y.to('i16')));
  },
);

/** Moves 384 bytes for each operation: two vectors in, one out. */
export const vrmpy = vectorOps(
  'vrmpy',
  'dot products of four bytes: 128 u8 + 128 i8 in, 32 i32 out',
  (k, operations) => {
    const sums = (operations * VECTOR_BYTES) / SUM_BYTES;
    const [i, r] = [k.dimension('i', sums), k.dimension('r', SUM_BYTES)];
    const x = k.input('x', 'u8', [sums, SUM_BYTES]).at(i, r);
    const y = k.input('y', 'i8', [sums, SUM_BYTES]).at(i, r);
    k.store(k.output('out', 'i32', [sums]), [i], k.contract(x, y, r, 'i32'));
  },
);
