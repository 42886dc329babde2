import { InputError } from '../../search-space/input-error.ts';
import type { Target } from './_base.ts';
import { loadTarget } from './npu/machine/load.ts';
import { simulatedTarget } from './npu/target.ts';

/**
 * What kernels are tuned on, by what somebody calls it: `wasm` for this host's engine,
 * `wasm-modelled-dma-4GBps-1us` for the same with a slower DMA engine acted out, the name of a simulated
 * target, or a file ./mine.json that describes one. A new kind of target is told apart here.
 * Throws InputError for a name nobody knows and a file that describes no target.
 */
export async function resolveTarget(reference: string): Promise<Target> {
  if (/^(command|replay)(:|$)/.test(reference)) {
    const hint = 'only `nightshift tune` takes it: docs/devices.md';
    throw new InputError('--target', `'${reference}' runs no kernel of ours`, hint);
  }
  const isHost = reference === 'wasm' || reference.startsWith('wasm-modelled-dma');
  return isHost ? thisHost(reference) : simulatedTarget(loadTarget(reference));
}

async function thisHost(reference: string): Promise<Target> {
  const [{ wasmHost }, { wasmTarget }, { parseModelledDma }] = await Promise.all([
    import('./wasm/host.ts'),
    import('./wasm/target.ts'),
    import('./wasm/modelled-dma.ts'),
  ]);
  const modelled = reference === 'wasm' ? undefined : parseModelledDma(reference);
  return wasmTarget(await wasmHost(), modelled);
}
