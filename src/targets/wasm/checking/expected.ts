import { integerBelow, randomFor } from '../../../../search-space/random.ts';
import { kernelHash } from '../../../kernels/hash.ts';
import type { DType, Kernel, Operand } from '../../../kernels/ir.ts';
import { randomInputs } from '../../../kernels/random-inputs.ts';
import { evaluate } from '../../../kernels/reference.ts';
import { stageLoops } from '../../../kernels/walk.ts';
import { encodeBlock } from '../encode-block.ts';
import { planOf } from '../generator/plan.ts';
import type { Expected, Setup } from '../runner/messages.ts';
import { sliceOf } from './slice.ts';
import { allowed, magnitudeKernel, type Tolerance, toleranceOf } from './tolerance.ts';

/** Data of an operand is repeated after so many elements: a prime, so that rows differ. */
const PERIOD = 262_139;
/**
 * Points of all stages up to which the whole result is checked, however large: a fraction of a second.
 * So is that of a kernel with as few outputs, which some seconds are worth; beyond, edges and a sample.
 */
const WHOLE_POINTS = 2 ** 22;
const WHOLE_OUTPUTS = 2 ** 20;
const MOST_POINTS = 2 ** 31;
/** Stretches of the first dimension that are checked besides both ends. */
const SAMPLES = 6;

/** The data of a kernel, what it must become, and how much of it is checked ("whole", or a share). */
export type Examination = Readonly<{
  contents: Setup['contents'];
  expected: readonly Expected[];
  checked: string;
}>;

/** The latest examinations of this thread: a daemon opens a backend for each slice of a study. */
const latest = new Map<string, Examination>();
const MOST_KEPT = 2;

/** The reference of a kernel and its shape for a seed, computed once as long as it is among the latest. */
export function examine(kernel: Kernel, seed: number): Examination {
  const key = `${kernelHash(kernel)} ${seed}`;
  const examination = latest.get(key) ?? computeReference(kernel, seed);
  latest.delete(key);
  latest.set(key, examination);
  const [oldest] = latest.keys();
  if (latest.size > MOST_KEPT) latest.delete(oldest);
  return examination;
}

function computeReference(given: Kernel, seed: number): Examination {
  const { kernel } = planOf(given);
  const blocks = inputBlocks(kernel, seed);
  const inputs = mapValues(blocks, (block, name) => spread(block, elementsOf(kernel, name)));
  const data = { inputs, sizes: mapValues(inputs, (values) => values.map(Math.abs)) };
  const contents = kernel.operands.map((operand) => contentOf(operand, blocks[operand.name]));
  const stretches = stretchesOf(kernel, seed);
  const expected = stretches.length === 0 ? wholeResult(kernel, data) : parts(kernel, data, stretches);
  const checked = stretches.length === 0 ? 'whole' : `${stretches.length} stretches of its first dimension`;
  return { contents, expected, checked };
}

function mapValues(arrays: Arrays, change: (values: Float64Array, name: string) => Float64Array): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, change(values, name)]));
}

function elementsOf(kernel: Kernel, name: string): number {
  return kernel.operands.find((operand) => operand.name === name)!.elements;
}

function inputBlocks(kernel: Kernel, seed: number): Record<string, Float64Array> {
  const operands = kernel.operands.map((operand) => ({
    ...operand,
    elements: Math.min(operand.elements, PERIOD),
  }));
  return randomInputs({ ...kernel, operands }, seed);
}

function spread(block: Float64Array, elements: number): Float64Array {
  if (block.length === elements) return block;
  const whole = new Float64Array(elements);
  for (let start = 0; start < elements; start += block.length) {
    whole.set(block.subarray(0, Math.min(block.length, elements - start)), start);
  }
  return whole;
}

function contentOf(operand: Operand, block: Float64Array | undefined): Setup['contents'][number] {
  const encoded = block === undefined ? null : encodeBlock(operand.dtype, block);
  const size = encoded === null ? undefined : encoded.length / block!.length;
  const bytes = operand.elements * (size ?? bytesOf(operand.dtype));
  return { bytes, block: encoded, written: operand.role !== 'input' };
}

function bytesOf(dtype: DType): number {
  return encodeBlock(dtype, Float64Array.of(0)).length;
}

type Stretch = Readonly<{ dimension: string; first: number; count: number }>;

/** None where the whole is checked. Both ends first, then random ones. */
function stretchesOf(kernel: Kernel, seed: number): readonly Stretch[] {
  const points = pointsOf(kernel);
  if (points <= WHOLE_POINTS || (points <= MOST_POINTS && outputsOf(kernel) <= WHOLE_OUTPUTS)) return [];
  const { rows, vector } = planOf(kernel);
  const name = rows[0] ?? vector;
  const dimension = kernel.dimensions.find((d) => d.name === name);
  if (name === undefined || dimension === undefined) return [];
  const budget = WHOLE_POINTS / 2 / (SAMPLES + 2);
  const count = Math.max(1, Math.min(dimension.extent, Math.floor((budget / points) * dimension.extent)));
  const random = randomFor(seed, 'stretches');
  const firsts = [0, dimension.extent - count];
  for (let n = 0; n < SAMPLES; n++) firsts.push(integerBelow(random, dimension.extent - count + 1));
  return firsts.map((first) => ({ dimension: name, first, count }));
}

function pointsOf(kernel: Kernel): number {
  const extents = new Map(kernel.dimensions.map(({ name, extent }) => [name, extent]));
  return kernel.stages
    .map((stage) => stageLoops(stage).reduce((product, name) => product * extents.get(name)!, 1))
    .reduce((sum, points) => sum + points, 0);
}

function outputsOf({ operands }: Kernel): number {
  return operands.reduce((sum, { role, elements }) => sum + (role === 'input' ? 0 : elements), 0);
}

type Arrays = Readonly<Record<string, Float64Array>>;

/** A kernel's inputs, and their magnitudes, which the errors of sums are measured by. */
type Data = Readonly<{ inputs: Arrays; sizes: Arrays }>;

function wholeResult(kernel: Kernel, data: Data): readonly Expected[] {
  return results(kernel, data, toleranceOf(kernel)).map(({ operand, values, tolerance }) => ({
    operand: kernel.operands.indexOf(operand),
    dtype: checkable(operand.dtype),
    segments: [{ start: 0, count: operand.elements }],
    values,
    tolerance,
  }));
}

function parts(kernel: Kernel, data: Data, stretches: readonly Stretch[]): readonly Expected[] {
  const tolerance = toleranceOf(kernel);
  return stretches.flatMap(({ dimension, first, count }) => {
    const slice = sliceOf(kernel, dimension, first, count);
    return results(slice.kernel, data, tolerance).flatMap((result) => {
      const start = result.operand.role === 'output' ? slice.starts[result.operand.name] : 0;
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

/** What a slice surely writes of an operand: all of it where it is dense, else nothing is claimed. */
function written(kernel: Kernel, operand: Operand): readonly { start: number; count: number }[] {
  const extents = new Map(kernel.dimensions.map(({ name, extent }) => [name, extent]));
  const store = kernel.stages.find((stage) => stage.kind === 'store' && stage.operand === operand.name);
  if (store === undefined || store.kind !== 'store') return [];
  const strides = Object.entries(store.at.strides)
    .filter(([name]) => store.dims.includes(name) && extents.get(name)! > 1)
    .map(([name, stride]) => ({ stride, extent: extents.get(name)! }))
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
  const values = evaluate(kernel, inputs);
  const magnitudes =
    tolerance.kind === 'reduced' ? values : evaluate(magnitudeKernel(kernel, tolerance), sizes);
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
