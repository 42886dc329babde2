import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../../../search-space/parameter.ts';
import { backendConformance } from '../../../tuner/backend.conformance.ts';
import { findLibraryKernel } from '../../kernels/library.ts';
import { type WasmBackend, wasmBackend } from './backend.ts';
import { wasmDefault } from './default.ts';
import { type WasmHost, wasmHost } from './host.ts';
import { buildWasmSpace } from './space.ts';

const signal = new AbortController().signal;

const open = async (name: string, shape: readonly number[], host?: WasmHost): Promise<WasmBackend> => {
  const { flags, relaxedSimd } = host ?? (await wasmHost());
  const kernel = findLibraryKernel(name).build(shape, 'f32');
  return wasmBackend({ kernel, flags, relaxedSimd, cores: 4 });
};

backendConformance({
  name: 'wasm',
  open: () => open('gelu', [3001]),
  good: [
    { lanes: 4, threads: 1 },
    { lanes: 16, threads: 2, chunking: 'static' },
  ],
  bad: { lanes: 4, staging: 'copy', tile: 1_000_000 },
});

describe('threads and DMA threads', () => {
  let host: WasmHost;
  let backend: WasmBackend;
  beforeAll(async () => {
    host = { ...(await wasmHost()), cores: 4 };
    backend = await open('softmax', [203, 67], host);
  });
  afterAll(() => backend.close());

  const result = async (configuration: Configuration) => {
    const prepared = await backend.prepare({ configuration, subset: 'scalar', origin: 'test' });
    if (prepared.state === 'invalid') throw new Error(prepared.message);
    return backend.result(prepared.variant, 'out');
  };

  it('give the bits of one thread for every split and staging', async () => {
    const first = await result({ lanes: 8 });
    expect(first).toBeInstanceOf(Uint8Array);
    const staged = { lanes: 8, staging: 'dma', tile: 4, copyEngine: 'simd', staged: 'inout' };
    for (const configuration of [
      { lanes: 8, threads: 3 },
      { lanes: 8, threads: 2, chunking: 'dynamic-8' },
      { ...staged, threads: 1, buffers: 1 },
      { ...staged, threads: 1, buffers: 2 },
      { ...staged, threads: 2, buffers: 2, staged: 'in' },
      { ...staged, threads: 3, buffers: 1, staging: 'copy' },
    ]) {
      expect(await result(configuration), JSON.stringify(configuration)).toEqual(first);
    }
  });

  it('use fused multiply-adds if the engine has them, within the tolerance', async () => {
    if (!host.relaxedSimd) return;
    const prepared = await backend.prepare({
      configuration: { lanes: 16, fma: true },
      subset: 'vec',
      origin: 'test',
    });
    if (prepared.state === 'invalid') throw new Error(prepared.message);
    expect(await backend.verify(prepared.variant)).toEqual({ state: 'correct' });
    const kernel = findLibraryKernel('softmax').build([203, 67], 'f32');
    const space = buildWasmSpace(kernel, host);
    expect(space.has({ ...wasmDefault(space), lanes: 16, fma: true })).toBe(true);
  });

  it('times in a separate process on request, and records that', async () => {
    const prepared = await backend.prepare({ configuration: { lanes: 4 }, subset: 'vec', origin: 'test' });
    if (prepared.state === 'invalid') throw new Error(prepared.message);
    const session = await backend.session([prepared.variant], signal, { fresh: true });
    const sample = await session.sample(prepared.variant);
    expect(['timed', 'dropped']).toContain(sample.state);
    expect(session.environment()).toMatchObject({
      freshProcess: true,
      temperature: 'warm',
      checked: 'whole',
    });
    await session.close();
  });
});
