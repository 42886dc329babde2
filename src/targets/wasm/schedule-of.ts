import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Generated } from './generator/generate.ts';
import type { ModelledDma } from './generator/modelled-dma.ts';
import type { WasmSchedule } from './generator/schedule.ts';
import type { Placement } from './runner/pool.ts';

/** Elements of an f32 vector. */
const LANES = 4;
const VECTOR_BYTES = 16;

/**
 * A configuration as the generator takes it; parameters that the kernel's space lacks have no effect. A
 * modelled DMA applies to variants that are staged by DMA.
 */
export function scheduleOf(configuration: Configuration, modelled?: ModelledDma): WasmSchedule {
  const loops = loopScheduleOf(configuration);
  return {
    loops,
    fma: configuration.fma === true,
    engine: configuration.copyEngine === 'simd' ? 'simd' : 'memory',
    ...(modelled !== undefined && loops.staging === 'dma' && { modelled }),
  };
}

function loopScheduleOf(configuration: Configuration): WasmSchedule['loops'] {
  const { staging, staged, chunking } = configuration;
  const lanes = number(configuration, 'lanes', 1);
  return {
    vectorBytes: lanes === 1 ? 0 : VECTOR_BYTES,
    unroll: lanes === 1 ? number(configuration, 'scalarUnroll', 1) : lanes / LANES,
    threads: number(configuration, 'threads', 1),
    split: typeof chunking === 'string' ? chunking : 'static',
    staging: staging === 'copy' || staging === 'dma' ? staging : 'direct',
    buffers: number(configuration, 'buffers', 1),
    stagesResults: staged !== 'in',
    sizes: {
      tile: number(configuration, 'tile', 1),
      tileRows: number(configuration, 'tileRows', 1),
      panels: number(configuration, 'panels', 1),
    },
  };
}

/** The runner's part of a configuration: threads, how they share the work, and the code itself. */
export function placementOf(
  configuration: Configuration,
  { work, grain }: Generated,
  bytes: Uint8Array<ArrayBuffer>,
  id: number,
): Placement {
  const { chunking } = configuration;
  const chunks = typeof chunking === 'string' ? Number(chunking.replace('dynamic-', '')) : Number.NaN;
  const chunk = Number.isNaN(chunks) ? 0 : Math.ceil(work / chunks / grain) * grain;
  const dma = configuration.staging === 'dma';
  return { id, bytes, work, grain, threads: number(configuration, 'threads', 1), chunk, dma };
}

function number(configuration: Configuration, name: string, otherwise: number): number {
  const value = configuration[name] ?? otherwise;
  if (typeof value === 'number') return value;
  throw new InputError(name, `is ${JSON.stringify(value)}, not a number`);
}
