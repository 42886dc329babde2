import { InputError } from '../../search-space/input-error.ts';
import type { Target } from './_base.ts';
import { loadTarget } from './simulated/load.ts';
import { simulatedTarget } from './simulated-target.ts';

/**
 * What kernels are tuned on, by what somebody calls it: `wasm` for this host's engine, the name of a
 * simulated target, or a file ./mine.json that describes one. A new kind of target is told apart here.
 * Throws InputError for a name nobody knows and a file that describes no target.
 */
export async function resolveTarget(reference: string): Promise<Target> {
  if (/^(command|replay)(:|$)/.test(reference)) {
    const hint = 'only `nightshift tune` takes it: docs/devices.md';
    throw new InputError('--target', `'${reference}' runs no kernel of ours`, hint);
  }
  return reference === 'wasm' ? thisHost() : simulatedTarget(loadTarget(reference));
}

async function thisHost(): Promise<Target> {
  const [{ wasmHost }, { wasmTarget }] = await Promise.all([
    import('./wasm/host.ts'),
    import('./wasm/target.ts'),
  ]);
  return wasmTarget(await wasmHost());
}
