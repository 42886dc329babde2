import { createHash } from 'node:crypto';
import { schedule } from '../../lowering/schedule.ts';
import type { Target } from '../_base.ts';
import { wasmBackend } from './backend.ts';
import { wasmDefault } from './default.ts';
import { describeModelledDma, type ModelledDma } from './generator/modelled-dma.ts';
import { GENERATOR_REVISION, type WasmHost } from './host.ts';
import { WASM_POLICY } from './policy.ts';
import { wasmRivals } from './rivals.ts';
import { scheduleOf } from './schedule-of.ts';
import { buildWasmSpace } from './space.ts';

/**
 * The WASM engine of this host as a target. With a modelled DMA it is another target, and its name says so.
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
    kind: modelledDma === undefined ? 'wasm' : 'wasm-modelled',
    space: (kernel) => buildWasmSpace(kernel, host, modelledDma),
    defaultConfiguration: (_, space) => wasmDefault(space, modelledDma),
    rivals: wasmRivals,
    loops: (kernel, configuration) =>
      schedule(kernel, WASM_POLICY, scheduleOf(configuration, modelledDma).loops),
    backend: (kernel) =>
      wasmBackend({ kernel, flags, cores, relaxedSimd, ...(modelledDma && { modelledDma }) }),
  };
}

function modelledFingerprint({ fingerprint }: WasmHost, modelledDma: ModelledDma): string {
  const text = JSON.stringify([fingerprint, describeModelledDma(modelledDma)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
