import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { KernelRecord } from '../../../store/records.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { parseKernel } from '../../kernels/json.ts';
import type { LoweredKernel } from '../../lowering/lowered-kernel.ts';
import { tileExtents, tileFootprint } from '../../lowering/tiles.ts';
import { loweredForNpu } from '../../targets/npu/policy.ts';
import { workAtATime } from '../../targets/npu/simulator/gate.ts';
import { readSchedule, type SimulatedSchedule } from '../../targets/npu/simulator/schedule.ts';
import { FIXED } from './options.ts';

/** The properties of a kernel under a configuration that the compiler's rules depend on. */
export type CompilerFacts = Readonly<{
  schedule: SimulatedSchedule;
  /** Whether the operation is all-parallel and of small enough rank for double buffering. */
  isBufferable: boolean;
  /** Whether each tiled extent is a multiple of its tile. */
  isDivided: boolean;
  /** Bytes of one tile of every operand, and of the data kept between loop nests. */
  tileBytes: Readonly<{ operands: number; kept: number }>;
  /** Elements × operations / 2 of a tile, which the compiler's gate for threads compares. */
  work: number;
  /** The widest row or stride of a two-dimensional tile of partial rows; 0 for other tiles. */
  strideBytes: number;
  /** Whether tiles have at most one dimension, so no strided rows. */
  isFlat: boolean;
  /** The operation's loops, outermost first; the tile is 0 for one that is not tiled. */
  loops: readonly Readonly<{ extent: number; tile: number }>[];
}>;

/** Throws InputError if the configuration does not belong to an NPU-like target. */
export function compilerFacts(kernel: Kernel, configuration: Configuration): CompilerFacts {
  const lowered = loweredForNpu(kernel);
  const schedule = readSchedule(configuration, lowered);
  const { tiled, single, shared } = lowered;
  return {
    schedule,
    isBufferable:
      lowered.kernel.dimensions.every(({ kind }) => kind === 'parallel') &&
      single.length === 0 &&
      tiled.length > 0 &&
      shared.length <= FIXED.doubleBufferRank,
    isDivided: tiled.every(({ parameter, extent }) => extent % schedule.sizes[parameter] === 0),
    tileBytes: tileFootprint(lowered, tileExtents(lowered, schedule.sizes)),
    work: workAtATime(lowered, schedule) / 2,
    strideBytes: strideBytes(lowered, schedule),
    isFlat: tiled.length < 2,
    loops: loopsOf(lowered, schedule),
  };
}

function loopsOf(
  { kernel, tiled, single }: LoweredKernel,
  { sizes }: SimulatedSchedule,
): CompilerFacts['loops'] {
  return kernel.dimensions.map(({ name, extent }) => {
    const loop = tiled.find((other) => other.loop === name);
    if (loop !== undefined) return { extent, tile: sizes[loop.parameter] };
    return { extent, tile: single.includes(name) ? 1 : 0 };
  });
}

function strideBytes({ tiled, operands }: LoweredKernel, { sizes }: SimulatedSchedule): number {
  if (tiled.length < 2) return 0;
  const innermost = tiled[tiled.length - 1];
  if (sizes[innermost.parameter] === innermost.extent) return 0;
  const widest = Math.max(...operands.map(({ elementBytes }) => elementBytes));
  return innermost.extent * widest;
}

/** The facts of a stored kernel in a configuration; a sentence if they are not known. */
export function storedFacts(ir: KernelRecord['ir'], configuration: Configuration): CompilerFacts | string {
  if (ir === null) return 'its IR is not known here, so the rules cannot be checked';
  try {
    return compilerFacts(parseKernel(ir), configuration);
  } catch (error) {
    if (error instanceof InputError)
      return `no option can express its configuration, which has no ${error.field}`;
    throw error;
  }
}
