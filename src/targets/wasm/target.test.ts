import { defineKernel } from '../../kernels/builder.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { targetConformance } from '../target.conformance.ts';
import { type WasmHost, wasmHost } from './host.ts';
import { wasmTarget } from './target.ts';

/** This host, as if it had two cores. */
const host = async (): Promise<WasmHost> => ({ ...(await wasmHost()), cores: 2 });
const wide = defineKernel('wide', { shape: [64], dtype: 'f64' }, (k) => {
  const i = k.dimension('i', 64);
  k.store(k.output('y', 'f64', [64]), [i], k.input('x', 'f64', [64]).at(i).mul(2));
});
const slow = { gigabytesPerSecond: 4, latencyUs: 1 };

targetConformance('this host’s WASM engine', {
  kind: 'wasm',
  open: async () => wasmTarget(await host()),
  others: {
    'with a modelled DMA': async () => wasmTarget(await host(), slow),
    'of another version': async () => wasmTarget({ ...(await host()), fingerprint: 'another' }),
  },
  kernels: [
    libraryKernel('gelu', [4096]),
    libraryKernel('softmax', [64, 256]),
    libraryKernel('matmul', [32, 64, 48]),
  ],
  refused: { 'f64 arithmetic': wide },
});

targetConformance('a modelled DMA', {
  kind: 'wasm-modelled',
  open: async () => wasmTarget(await host(), slow),
  others: {
    'without it': async () => wasmTarget(await host()),
    'of another latency': async () => wasmTarget(await host(), { ...slow, latencyUs: 2 }),
    'of another bandwidth': async () => wasmTarget(await host(), { ...slow, gigabytesPerSecond: 2 }),
  },
  kernels: [libraryKernel('gelu', [4096])],
  refused: { 'nothing to stage': libraryKernel('matmul', [32, 64, 48]) },
});
