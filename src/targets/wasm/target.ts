import { createHash } from 'node:crypto';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { wasmBackend } from '../../backends/wasm/backend.ts';
import { describeModelledDma, type ModelledDma } from '../../backends/wasm/generator/modelled-dma.ts';
import type { Target } from '../_base.ts';
import { GENERATOR_REVISION, type WasmHost } from './host.ts';
import { wasmRivals } from './rivals.ts';
import { buildWasmSpace } from './space.ts';

/**
 * This host's WASM engine as something to tune for. With a modelled DMA it is another target, whose
 * name says so wherever it stands.
 */
export function wasmTarget(host: WasmHost, modelledDma?: ModelledDma): Target {
  const { cores, flags, relaxedSimd, node, v8, cpu, memoryBytes } = host;
  const description = {
    node,
    v8,
    cpu,
    cores,
    flags: [...flags],
    relaxedSimd,
    generatorRevision: GENERATOR_REVISION,
  };
  const features = { cores, relaxedSimd: relaxedSimd ? 1 : 0, vectorBytes: 16, memoryBytes };
  const identity =
    modelledDma === undefined
      ? { name: 'wasm', fingerprint: host.fingerprint, features, description }
      : {
          name: `wasm-modelled-dma-${describeModelledDma(modelledDma)}`,
          fingerprint: modelledFingerprint(host, modelledDma),
          features: { ...features, ...modelledDma },
          description: { ...description, modelledDma },
        };
  return {
    ...identity,
    kind: 'wasm',
    space: (kernel) => buildWasmSpace(kernel, host, modelledDma),
    defaultConfiguration: (_, space) => wasmDefault(space, modelledDma),
    rivals: wasmRivals,
    backend: (kernel) =>
      wasmBackend({ kernel, flags, cores, relaxedSimd, ...(modelledDma && { modelledDma }) }),
  };
}

function modelledFingerprint({ fingerprint }: WasmHost, modelledDma: ModelledDma): string {
  const text = JSON.stringify([fingerprint, describeModelledDma(modelledDma)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * What a compiler makes of the plain loop for WebAssembly today: one vector of 128 bits at a time,
 * no fused multiply-adds (they are not in its baseline), one thread, data where it lies. Where data
 * must be staged, in the largest tiles that fit.
 */
export function wasmDefault({ parameters }: SearchSpace, modelledDma?: ModelledDma): Configuration {
  const plain = parameters.map(({ name, values }) => {
    if (name === 'lanes') return [name, 4] as const;
    return [name, name === 'tile' && modelledDma !== undefined ? values.at(-1)! : values[0]] as const;
  });
  return Object.freeze(Object.fromEntries(plain));
}
