import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { NativeSchedule } from './generator/schedule.ts';

const LANE_BYTES = 4;

/** A configuration as the generator takes it; parameters that the kernel's space lacks have no effect. */
export function nativeScheduleOf(configuration: Configuration): NativeSchedule {
  const lanes = number(configuration, 'lanes', 1);
  const { chunking, helper, staged } = configuration;
  const tile = number(configuration, 'tile', 0);
  return {
    loops: {
      vectorBytes: lanes === 1 ? 0 : lanes * LANE_BYTES,
      unroll: number(configuration, 'unroll', 1),
      threads: number(configuration, 'threads', 1),
      split: typeof chunking === 'string' ? chunking : 'static',
      staging: tile === 0 ? 'direct' : helper === true ? 'dma' : 'copy',
      buffers: number(configuration, 'buffers', 1),
      stagesResults: staged !== 'in',
      sizes: {
        tile,
        tileRows: number(configuration, 'tileRows', 1),
        panels: number(configuration, 'panels', 1),
      },
    },
    fma: configuration.fma === true,
    autoVector: configuration.autoVector === true,
    pipelined: configuration.pipelined === true,
    prefetch: number(configuration, 'prefetch', 0),
    streaming: configuration.streaming === true,
  };
}

/** Work that a thread takes at a time; 0 for one share a thread. */
export function chunkOf({ chunking }: Configuration, work: number, grain: number): number {
  const chunks = typeof chunking === 'string' ? Number(chunking.replace('dynamic-', '')) : Number.NaN;
  return Number.isNaN(chunks) ? 0 : Math.ceil(work / chunks / grain) * grain;
}

function number(configuration: Configuration, name: string, otherwise: number): number {
  const value = configuration[name] ?? otherwise;
  if (typeof value === 'number') return value;
  throw new InputError(name, `is ${JSON.stringify(value)}, not a number`);
}
