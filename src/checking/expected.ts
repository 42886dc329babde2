import { integerBelow, randomFor } from '../../search-space/random.ts';
import { kernelHash } from '../kernels/hash.ts';
import type { DType, Kernel, Operand } from '../kernels/ir.ts';
import { dimensionExtents, required, totalPoints } from '../kernels/lookup.ts';
import { type IntegerRange, randomInputs } from '../kernels/random-inputs.ts';
import { evaluateKernel } from '../kernels/reference.ts';
import { type LoweredKernel, workLoops } from '../lowering/lowered-kernel.ts';
import { encodeBlock } from './encode-block.ts';
import { sliceOf } from './slice.ts';
import { allowed, magnitudeKernel, type Tolerance, toleranceOf } from './tolerance.ts';

/** The data of an operand repeats after so many elements: a prime number, so that rows differ. */
const PERIOD = 262_139;
/**
 * A kernel with at most so many points in all stages is checked whole (a fraction of a second). So is one
 * with few outputs and up to MOST_POINTS points (a second); of all others both ends and a sample.
 */
const WHOLE_POINTS = 2 ** 22;
const WHOLE_OUTPUTS = 2 ** 20;
const MOST_POINTS = 2 ** 28;
/** What a sample has at most: so many points, or more of a kernel with long sums, whose outputs are few. */
const SAMPLED_POINTS = 2 ** 21;
const SAMPLED_SUMS = Object.freeze({ points: 2 ** 27, outputs: 2 ** 17 });
/** How many stretches of the first dimension are checked besides both ends. */
const SAMPLES = 6;

/** An operand's bytes, and a block of them that is repeated over it; null for what is only written. */
export type Content = Readonly<{ bytes: number; block: Uint8Array<ArrayBuffer> | null; written: boolean }>;

/** Stretches of an operand that are checked, with expected values and allowed errors behind each other. */
export type Expected = Readonly<{
  /** Its place among the kernel's operands. */
  operand: number;
  dtype: Exclude<DType, 'f64' | 'i64'>;
  segments: readonly Readonly<{ start: number; count: number }>[];
  values: Float64Array<ArrayBuffer>;
  tolerance: Float64Array<ArrayBuffer>;
}>;

/** The data that a kernel is called on, the results that are expected, and how much of them is checked, in words. */
export type ReferenceCheck = Readonly<{
  contents: readonly Content[];
  expected: readonly Expected[];
  checked: string;
}>;

/** The latest checks of this thread: a daemon opens a backend for each slice of a study. */
const latest = new Map<string, ReferenceCheck>();
const MOST_KEPT = 2;

/**
 * How a kernel's results are checked on the data of a seed, which repeat after `period` elements. The latest are
 * kept: the reference takes long.
 */
export function referenceCheckOf(
  lowered: LoweredKernel,
  seed: number,
  period = PERIOD,
  integers: IntegerRange = 'small',
): ReferenceCheck {
  const key = `${kernelHash(lowered.kernel)} ${seed} ${period} ${integers}`;
  const check = latest.get(key) ?? computeReference(lowered, seed, period, integers);
  latest.delete(key);
  latest.set(key, check);
  const [oldest] = latest.keys();
  if (latest.size > MOST_KEPT) latest.delete(oldest);
  return check;
}

function computeReference(
  lowered: LoweredKernel,
  seed: number,
  period: number,
  integers: IntegerRange,
): ReferenceCheck {
  const { kernel } = lowered;
  const blocks = inputBlocks(kernel, seed, period, integers);
  const contents = kernel.operands.map((operand) => contentOf(operand, blocks[operand.name]));
  const stretches = stretchesOf(lowered, seed);
  const expected = stretches.length === 0 ? wholeResult(kernel, blocks) : parts(kernel, blocks, stretches);
  const checked = stretches.length === 0 ? 'whole' : `${stretches.length} stretches of its first dimension`;
  return { contents, expected, checked };
}

function inputBlocks(
  kernel: Kernel,
  seed: number,
  period: number,
  integers: IntegerRange,
): Record<string, Float64Array> {
  const operands = kernel.operands.map((operand) => ({
    ...operand,
    elements: Math.min(operand.elements, period),
  }));
  return randomInputs({ ...kernel, operands }, seed, integers);
}

/** The elements of an operand from `start` on. */
function spread(block: Float64Array, start: number, elements: number): Float64Array {
  if (start === 0 && block.length === elements) return block;
  const part = new Float64Array(elements);
  for (let at = 0; at < elements; ) {
    const from = (start + at) % block.length;
    const next = block.subarray(from, Math.min(block.length, from + elements - at));
    part.set(next, at);
    at += next.length;
  }
  return part;
}

function contentOf(operand: Operand, block: Float64Array | undefined): Content {
  const encoded = block === undefined ? null : encodeBlock(operand.dtype, block);
  const bytes = operand.elements * bytesOf(operand.dtype);
  return { bytes, block: encoded, written: operand.role !== 'input' };
}

function bytesOf(dtype: DType): number {
  return encodeBlock(dtype, Float64Array.of(0)).length;
}

type Stretch = Readonly<{ dimension: string; first: number; count: number }>;

/** The stretches to check: both ends, then random ones; none where the whole is checked. */
function stretchesOf(lowered: LoweredKernel, seed: number): readonly Stretch[] {
  const { kernel } = lowered;
  const points = totalPoints(kernel);
  if (points <= WHOLE_POINTS || (points <= MOST_POINTS && outputsOf(kernel) <= WHOLE_OUTPUTS)) return [];
  const [name] = workLoops(lowered);
  const dimension = kernel.dimensions.find((d) => d.name === name);
  if (dimension === undefined) return [];
  const ofSums = Math.min(SAMPLED_SUMS.points / points, SAMPLED_SUMS.outputs / outputsOf(kernel));
  const share = Math.max(SAMPLED_POINTS / points, ofSums) / (SAMPLES + 2);
  const count = Math.max(1, Math.min(dimension.extent, Math.floor(share * dimension.extent)));
  const random = randomFor(seed, 'stretches');
  const firsts = [0, dimension.extent - count];
  for (let n = 0; n < SAMPLES; n++) firsts.push(integerBelow(random, dimension.extent - count + 1));
  return firsts.map((first) => ({ dimension: name, first, count }));
}

function outputsOf({ operands }: Kernel): number {
  return operands.reduce((sum, { role, elements }) => sum + (role === 'input' ? 0 : elements), 0);
}

type Arrays = Readonly<Record<string, Float64Array>>;

/** A kernel's inputs, and their magnitudes, to which the errors of sums are relative. */
type Data = Readonly<{ inputs: Arrays; sizes: Arrays }>;

/** The data of a kernel, or of a slice whose operands begin at `starts`. */
function dataOf(kernel: Kernel, blocks: Arrays, starts: ReadonlyMap<string, number>): Data {
  const inputs = kernel.operands.flatMap(({ name, role, elements }) =>
    role === 'output' ? [] : [[name, spread(blocks[name], starts.get(name) ?? 0, elements)] as const],
  );
  const sizes = inputs.map(([name, values]) => [name, values.map(Math.abs)] as const);
  return { inputs: Object.fromEntries(inputs), sizes: Object.fromEntries(sizes) };
}

function wholeResult(kernel: Kernel, blocks: Arrays): readonly Expected[] {
  const data = dataOf(kernel, blocks, new Map());
  return results(kernel, data, toleranceOf(kernel)).map(({ operand, values, tolerance }) => ({
    operand: kernel.operands.indexOf(operand),
    dtype: checkable(operand.dtype),
    segments: [{ start: 0, count: operand.elements }],
    values,
    tolerance,
  }));
}

function parts(kernel: Kernel, blocks: Arrays, stretches: readonly Stretch[]): readonly Expected[] {
  const tolerance = toleranceOf(kernel);
  return stretches.flatMap(({ dimension, first, count }) => {
    const slice = sliceOf(kernel, dimension, first, count);
    return results(slice.kernel, dataOf(slice.kernel, blocks, slice.starts), tolerance).flatMap((result) => {
      const start = slice.starts.get(result.operand.name) ?? 0;
      const operand = kernel.operands.findIndex(({ name }) => name === result.operand.name);
      return written(slice.kernel, result.operand).map((segment) => ({
        operand,
        dtype: checkable(result.operand.dtype),
        segments: [{ start: segment.start + start, count: segment.count }],
        values: result.values.subarray(segment.start, segment.start + segment.count),
        tolerance: result.tolerance.subarray(segment.start, segment.start + segment.count),
      }));
    });
  });
}

/** The elements of an operand that a slice writes, as dense segments. */
function written(kernel: Kernel, operand: Operand): readonly { start: number; count: number }[] {
  const extents = dimensionExtents(kernel);
  const store = kernel.stages.find((stage) => stage.kind === 'store' && stage.operand === operand.name);
  if (store === undefined || store.kind !== 'store') return [];
  const strides = Object.entries(store.at.strides)
    .filter(([name]) => store.dims.includes(name))
    .map(([name, stride]) => ({ stride, extent: required(extents, name) }))
    .filter(({ extent }) => extent > 1)
    .toSorted((a, b) => a.stride - b.stride);
  let dense = 1;
  const jumps: typeof strides = [];
  for (const dim of strides) {
    if (dim.stride === dense) dense *= dim.extent;
    else jumps.push(dim);
  }
  let starts = [store.at.offset];
  for (const { stride, extent } of jumps) {
    starts = starts.flatMap((from) => Array.from({ length: extent }, (_, n) => from + n * stride));
  }
  return starts.map((from) => ({ start: from, count: dense }));
}

type Numbers = Float64Array<ArrayBuffer>;
type Result = Readonly<{ operand: Operand; values: Numbers; tolerance: Numbers }>;

function results(kernel: Kernel, { inputs, sizes }: Data, tolerance: Tolerance): readonly Result[] {
  const values = evaluateKernel(kernel, inputs);
  const magnitudes =
    tolerance.kind === 'reduced' ? values : evaluateKernel(magnitudeKernel(kernel, tolerance), sizes);
  return kernel.operands
    .filter(({ role }) => role !== 'input')
    .map((operand) => {
      const want = Float64Array.from(values[operand.name]);
      const size = magnitudes[operand.name];
      const limits = want.map((value, n) => allowed(tolerance, operand.dtype, value, Math.abs(size[n])));
      return { operand, values: want, tolerance: limits };
    });
}

function checkable(dtype: DType): Expected['dtype'] {
  if (dtype === 'f64' || dtype === 'i64') throw new Error(`no variant writes ${dtype}`);
  return dtype;
}
