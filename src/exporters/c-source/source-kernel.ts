import { InputError } from '../../../search-space/input-error.ts';
import { accesses } from '../../kernels/accesses.ts';
import { indexRange } from '../../kernels/index-range.ts';
import type { Kernel, Operand } from '../../kernels/ir.ts';
import { parseKernel } from '../../kernels/json.ts';
import { dimensionExtents, operandNamed } from '../../kernels/lookup.ts';
import { type GeneratedC, generateC } from '../../targets/native/generator/generate.ts';
import type { NativeSchedule } from '../../targets/native/generator/schedule.ts';
import { NATIVE_REVISION } from '../../targets/native/host.ts';
import { chunkOf, nativeScheduleOf } from '../../targets/native/schedule-of.ts';
import type { TunedKernel, TunedShape } from '../_base.ts';
import { cFunction, shapeLabel } from '../names.ts';
import { type GeneralSource, generalSource } from './general-source.ts';

/** A shape's tuned code, and how its work is shared out. */
export type SourceVariant = Readonly<{
  tuned: TunedShape;
  kernel: Kernel;
  schedule: NativeSchedule;
  generated: GeneratedC;
  /** The same without stores past the caches, where those need results at a multiple of a register's bytes. */
  anywhere: GeneratedC | undefined;
  threads: number;
  chunk: number;
  pinned: boolean;
  /** The name in C of what says how to run it. */
  plan: string;
}>;

/** A kernel of one dtype as source: its shapes have the same operands and as many extents. */
export type SourceKernel = Readonly<{
  tuned: TunedKernel;
  operands: readonly Operand[];
  rank: number;
  variants: readonly SourceVariant[];
  /** Undefined where other extents are refused. */
  general: GeneralSource | undefined;
}>;

/** A kernel's source, undefined where no shape has any, and a sentence for each shape that is left out. */
export function sourceKernel(tuned: TunedKernel): Readonly<{
  source: SourceKernel | undefined;
  leftOut: readonly string[];
}> {
  const variants: SourceVariant[] = [];
  const leftOut: string[] = [];
  for (const shape of tuned.shapes) {
    const made = variantOf(tuned, shape);
    const why = typeof made === 'string' ? made : differenceOf(variants[0], made);
    if (why !== undefined) leftOut.push(`${shapeLabel(shape.kernel)}: no source, because ${why}`);
    else if (typeof made !== 'string') variants.push(made);
  }
  if (variants.length === 0) return { source: undefined, leftOut };
  const [{ kernel }] = variants;
  const general = generalSource(variants);
  const source = { tuned, operands: kernel.operands, rank: kernel.shape.length, variants, general };
  return { source, leftOut };
}

/** The code that was timed, generated again; or why there is none. */
function variantOf(tuned: TunedKernel, shape: TunedShape): SourceVariant | string {
  const { ir } = shape.kernel;
  if (ir === null) return 'only its results are known, not the kernel';
  if (shape.target.description.generatorRevision !== NATIVE_REVISION)
    return 'another version of nightshift generated what was timed: tune it again';
  try {
    const kernel = parseKernel(ir);
    const outside = readOutside(kernel);
    if (outside !== undefined)
      return `its code may read up to 4096 bytes outside '${outside}', where a mask covers the loads`;
    return { tuned: shape, kernel, ...codeOf(kernel, shape), plan: planName(tuned, kernel) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

function codeOf(kernel: Kernel, { best: { configuration } }: TunedShape) {
  const schedule = nativeScheduleOf(configuration);
  const generated = generateC(kernel, schedule);
  const { work, grain, streams } = generated;
  const { threads } = schedule.loops;
  const share = Math.ceil(Math.ceil(work / threads) / grain) * grain;
  const chunk = threads === 1 ? work : chunkOf(configuration, work, grain) || share;
  const anywhere = streams ? generateC(kernel, { ...schedule, streaming: false }) : undefined;
  return { schedule, generated, anywhere, threads, chunk, pinned: configuration.pinned === true };
}

/** The first operand that masked loads may leave: beside the tuner's operands there are bytes to read, beside others not. */
function readOutside(kernel: Kernel): string | undefined {
  const extents = dimensionExtents(kernel);
  const outside = accesses(kernel).find(({ operand, at, direction }) => {
    const { least, greatest } = indexRange(at, extents);
    return direction === 'read' && (least < 0 || greatest >= operandNamed(kernel, operand).elements);
  });
  return outside?.operand;
}

/** Why a variant cannot be behind the same function as the first one. */
function differenceOf(first: SourceVariant | undefined, { kernel }: SourceVariant): string | undefined {
  if (first === undefined) return undefined;
  if (first.kernel.shape.length !== kernel.shape.length)
    return `${first.tuned.kernel.shape} has another number of extents`;
  return signature(first.kernel) === signature(kernel)
    ? undefined
    : `${first.tuned.kernel.shape} has other operands`;
}

function signature({ operands }: Kernel): string {
  return JSON.stringify(operands.map(({ name, role, dtype }) => [name, role, dtype]));
}

function planName(tuned: TunedKernel, { shape }: Kernel): string {
  return cFunction(tuned, `_plan${shape.map((extent) => `_${extent}`).join('')}`);
}
