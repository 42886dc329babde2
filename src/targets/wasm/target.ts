import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { wasmBackend } from '../../backends/wasm/backend.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { Target } from '../_base.ts';
import { GENERATOR_REVISION, type WasmHost } from './host.ts';
import { buildWasmSpace } from './space.ts';

/** This host's WASM engine as something to tune for. */
export function wasmTarget(host: WasmHost): Target {
  const { fingerprint, cores, flags, relaxedSimd, node, v8, cpu, memoryBytes } = host;
  return {
    name: 'wasm',
    kind: 'wasm',
    fingerprint,
    features: { cores, relaxedSimd: relaxedSimd ? 1 : 0, vectorBytes: 16, memoryBytes },
    description: {
      node,
      v8,
      cpu,
      cores,
      flags: [...flags],
      relaxedSimd,
      generatorRevision: GENERATOR_REVISION,
    },
    space: (kernel) => buildWasmSpace(kernel, host),
    defaultConfiguration: (kernel, space) => wasmDefault(kernel, host, space),
    backend: (kernel) => wasmBackend({ kernel, flags, cores, relaxedSimd }),
  };
}

/**
 * What a compiler makes of the plain loop for WebAssembly today: one vector of 128 bits at a time,
 * no fused multiply-adds (they are not in its baseline), one thread, data where it lies.
 */
export function wasmDefault(_kernel: Kernel, _host: WasmHost, space: SearchSpace): Configuration {
  const { parameters } = space;
  const plain = parameters.map(({ name, values }) => [name, name === 'lanes' ? 4 : values[0]] as const);
  return Object.freeze(Object.fromEntries(plain));
}
