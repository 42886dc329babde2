import type { NamedTargets } from '../_base.ts';

/** The WASM engine of this machine. Its modules take time to load, so only opening it imports them. */
export const wasmTargets: NamedTargets = Object.freeze<NamedTargets>({
  list: () => [
    {
      name: 'wasm',
      kind: 'wasm',
      description: 'Real code, timed in the WebAssembly engine of this machine',
      figures: null,
    },
    {
      name: 'wasm-modelled-dma-4GBps-1us',
      kind: 'wasm-modelled',
      description: 'The same with a DMA engine acted out; any bandwidth and latency',
      figures: null,
    },
  ],
  has: (name) => name === 'wasm' || name.startsWith('wasm-modelled-dma'),
  async open(name) {
    const [{ wasmHost }, { wasmTarget }, { parseModelledDma }] = await Promise.all([
      import('./host.ts'),
      import('./target.ts'),
      import('./modelled-dma.ts'),
    ]);
    const modelled = name === 'wasm' ? undefined : parseModelledDma(name);
    return wasmTarget(await wasmHost(), modelled);
  },
});
