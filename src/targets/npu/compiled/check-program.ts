import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Verdict } from '../../../../tuner/backend.ts';
import { decoderOf } from '../../../checking/decode.ts';
import type { Content, Expected } from '../../../checking/expected.ts';
import { sliceOf } from '../../../checking/slice.ts';
import { BYTES, type Kernel } from '../../../kernels/ir.ts';
import { totalPoints } from '../../../kernels/lookup.ts';
import { type LoweredKernel, workLoops } from '../../../lowering/lowered-kernel.ts';
import { loweredForNpu } from '../policy.ts';
import { keptArrays } from './nest-alone.ts';

/** An emulated kernel has about so many points: some tenths of a second. */
const MOST_POINTS = 2 ** 16;
/** The loop that lanes run along keeps so many iterations: the longest interleaved body, twice. */
const WHOLE_BODIES = 2048;
/** Arrays begin on pages, with a page between them that masked loads may read. */
const PAGE = 4096;

/** The part of a kernel that is executed: so many iterations of its outer loops that an emulator does them at once. */
export function executedPart(kernel: Kernel): Kernel {
  let part = kernel;
  const lowered = loweredForNpu(kernel);
  for (const loop of workLoops(lowered)) {
    const points = totalPoints(part);
    if (points <= MOST_POINTS) break;
    const extent = part.dimensions.find(({ name }) => name === loop)?.extent ?? 1;
    const least = lowered.nests.some(({ vector }) => vector === loop) ? WHOLE_BODIES : 1;
    const count = Math.max(least, Math.floor((extent * MOST_POINTS) / points));
    if (count < extent) part = sliceOf(part, loop, 0, count).kernel;
  }
  return part;
}

/** Where arrays begin: at pages, or an element after one, which code that assumes more must not be given. */
export type ArraysBegin = 'aligned' | 'anywhere';

/** Where the program's arrays lie in its memory; those in its file are the operands. */
type Layout = Readonly<{ offsets: readonly number[]; inFile: number; total: number }>;

export function layoutOf(lowered: LoweredKernel, begin: ArraysBegin): Layout {
  const { operands } = lowered.kernel;
  const arrays = [...operands, ...keptArrays(lowered).map(({ operand }) => operand)];
  const offsets: number[] = [];
  let next = PAGE;
  let inFile = 0;
  for (const [place, { elements, dtype }] of arrays.entries()) {
    const ahead = begin === 'anywhere' && place < operands.length ? BYTES[dtype] : 0;
    offsets.push(next + ahead);
    next += Math.ceil((ahead + elements * BYTES[dtype]) / PAGE) * PAGE + PAGE;
    if (place < operands.length) inFile = next;
  }
  return { offsets, inFile, total: next };
}

const MAIN = readFileSync(fileURLToPath(new URL('./program-main.c', import.meta.url)), 'utf8');

/** The program's own file: its memory, and calls of the nests in their order. */
export function mainSource(lowered: LoweredKernel, begin: ArraysBegin): string {
  const { offsets, inFile, total } = layoutOf(lowered, begin);
  const each = (text: (place: number) => string) => lowered.nests.map((_, place) => text(place)).join(' ');
  const words = {
    TOTAL: String(total),
    IN_FILE: String(inFile),
    ADDRESSES: offsets.map((offset) => `memory + ${offset}`).join(', '),
    DECLARATIONS: each((place) => `void nest${place}(char *const *at);`),
    CALLS: each((place) => `nest${place}(addresses);`),
  };
  const defined = Object.entries(words).map(([name, text]) => `#define ${name} ${text}`);
  return `${defined.join('\n')}\n${MAIN}`;
}

/**
 * The file that the program reads. What a whole kernel does not write would be NaN; a part of one has elements that are
 * not its own, which are expected to be 0.
 */
export function dataFile(
  lowered: LoweredKernel,
  contents: readonly Content[],
  executes: 'whole' | 'part',
  begin: ArraysBegin,
): Uint8Array {
  const { offsets, inFile } = layoutOf(lowered, begin);
  const data = new Uint8Array(inFile);
  for (const [place, { bytes, block }] of contents.entries()) {
    if (block === null && executes === 'whole') data.fill(0xff, offsets[place], offsets[place] + bytes);
    for (let at = 0; block !== null && at < bytes; at += block.length)
      data.set(block.subarray(0, bytes - at), offsets[place] + at);
  }
  return data;
}

/** Whether what the program wrote is what is expected. */
export function verdictOn(
  lowered: LoweredKernel,
  results: Uint8Array,
  expected: readonly Expected[],
  begin: ArraysBegin,
): Verdict {
  const { offsets } = layoutOf(lowered, begin);
  for (const { operand, dtype, segments, values, tolerance } of expected) {
    const decode = decoderOf(dtype, results.buffer);
    let next = 0;
    for (const { start, count } of segments) {
      for (let n = start; n < start + count; n++, next++) {
        const got = decode(results.byteOffset + offsets[operand], n);
        const want = values[next];
        if (
          got === want ||
          Math.abs(got - want) <= tolerance[next] ||
          (Number.isNaN(got) && Number.isNaN(want))
        )
          continue;
        const { name } = lowered.kernel.operands[operand];
        const message = `element ${n} of '${name}' is ${got}, expected ${want}`;
        return { state: 'invalid', reason: 'correctness', message };
      }
    }
  }
  return { state: 'correct' };
}
