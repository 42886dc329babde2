import { InputError } from '../../search-space/input-error.ts';
import type { Target } from './_base.ts';
import { machineOf } from './npu/machine/load.ts';
import { simulatedTarget } from './npu/target.ts';
import type { TargetReference } from './reference.ts';

/**
 * What kernels are tuned on, by what somebody calls it: `wasm` for this host's engine,
 * `wasm-modelled-dma-4GBps-1us` for the same with a slower DMA engine acted out, the name of a simulated
 * target, or the content of a file that describes one. A new kind of target is told apart here.
 * Throws InputError for a name nobody knows and content that describes no target.
 */
export async function resolveTarget(reference: TargetReference): Promise<Target> {
  const { kind, name } = reference.kind === 'machine' ? { kind: reference.kind, name: '' } : reference;
  if (kind === 'local' || /^(command|replay)(:|$)/.test(name)) {
    const hint = 'only `nightshift tune` takes it: docs/devices.md';
    throw new InputError('target', `'${name}' runs no kernel of ours`, hint);
  }
  const isHost = name === 'wasm' || name.startsWith('wasm-modelled-dma');
  return isHost ? thisHost(name) : simulatedTarget(machineOf(reference));
}

async function thisHost(name: string): Promise<Target> {
  const [{ wasmHost }, { wasmTarget }, { parseModelledDma }] = await Promise.all([
    import('./wasm/host.ts'),
    import('./wasm/target.ts'),
    import('./wasm/modelled-dma.ts'),
  ]);
  const modelled = name === 'wasm' ? undefined : parseModelledDma(name);
  return wasmTarget(await wasmHost(), modelled);
}
