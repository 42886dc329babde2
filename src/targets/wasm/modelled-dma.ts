import { InputError } from '../../../search-space/input-error.ts';
import type { ModelledDma } from './generator/modelled-dma.ts';

const SPELLING = /^wasm-modelled-dma-(\d+(?:\.\d+)?)GBps-(\d+(?:\.\d+)?)us$/;

/**
 * The DMA engine in a target's name, `wasm-modelled-dma-4GBps-1us`. Throws InputError for another
 * spelling, and for figures that no engine has.
 */
export function parseModelledDma(name: string): ModelledDma {
  const [, bandwidth, latency] = SPELLING.exec(name) ?? [];
  if (bandwidth === undefined) {
    const hint = 'bandwidth and latency are written as in wasm-modelled-dma-4GBps-1us';
    throw new InputError('--target', `'${name}' describes no DMA engine`, hint);
  }
  const modelled = { gigabytesPerSecond: Number(bandwidth), latencyUs: Number(latency) };
  if (modelled.gigabytesPerSecond < 0.01 || modelled.gigabytesPerSecond > 1000) {
    throw new InputError('--target', `a bandwidth of ${bandwidth} GB/s`, 'from 0.01 to 1000');
  }
  if (modelled.latencyUs > 1000) {
    throw new InputError('--target', `a latency of ${latency} µs`, 'at most 1000');
  }
  return Object.freeze(modelled);
}
