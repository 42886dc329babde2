import type { Configuration } from '../../../search-space/parameter.ts';
import type { Kernel } from '../../kernels/ir.ts';
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
  /** The value of the option tileSizes: sizes joined by commas, 0 for an untiled loop. */
  tileSizes: string;
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
    tileSizes: tileSizes(lowered, schedule),
  };
}

function tileSizes({ kernel, tiled, single }: LoweredKernel, { sizes }: SimulatedSchedule): string {
  return kernel.dimensions
    .map(({ name }) => {
      const loop = tiled.find((other) => other.loop === name);
      if (loop !== undefined) return sizes[loop.parameter];
      return single.includes(name) ? 1 : 0;
    })
    .join(',');
}

function strideBytes({ tiled, operands }: LoweredKernel, { sizes }: SimulatedSchedule): number {
  if (tiled.length < 2) return 0;
  const innermost = tiled[tiled.length - 1];
  if (sizes[innermost.parameter] === innermost.extent) return 0;
  const widest = Math.max(...operands.map(({ elementBytes }) => elementBytes));
  return innermost.extent * widest;
}
