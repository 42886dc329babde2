import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Generated } from './generator/generate.ts';
import type { ModelledDma } from './generator/modelled-dma.ts';
import { DIRECT, type WasmSchedule, type WasmStaging } from './generator/schedule.ts';
import type { Placement } from './runner/pool.ts';

/**
 * The generator's part of a configuration; parameters that the kernel's space lacks have no effect. A
 * modelled DMA applies to variants that are staged by DMA.
 */
export function scheduleOf(configuration: Configuration, modelled?: ModelledDma): WasmSchedule {
  return {
    lanes: number(configuration, 'lanes', 1),
    scalarUnroll: number(configuration, 'scalarUnroll', 1),
    fma: configuration.fma === true,
    staging: stagingOf(configuration, modelled),
    contraction: {
      rows: number(configuration, 'tileRows', 1),
      panels: number(configuration, 'panels', 1),
    },
  };
}

function stagingOf(configuration: Configuration, modelled?: ModelledDma): WasmStaging {
  const { staging, copyEngine, staged } = configuration;
  if (staging !== 'copy' && staging !== 'dma') return DIRECT;
  return {
    kind: staging,
    tile: number(configuration, 'tile', 1),
    buffers: number(configuration, 'buffers', 1),
    engine: copyEngine === 'simd' ? 'simd' : 'memory',
    scope: staged === 'in' ? 'in' : 'inout',
    ...(modelled !== undefined && staging === 'dma' && { modelled }),
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
