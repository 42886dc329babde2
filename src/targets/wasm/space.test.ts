import { describe, expect, it } from 'vitest';
import { InputError } from '../../../search-space/input-error.ts';
import { forceOn, permitOnly } from '../../../search-space/restriction.ts';
import { subspacesOf } from '../../../tuner/attribution/subspaces.ts';
import { defineKernel } from '../../kernels/builder.ts';
import { findLibraryKernel } from '../../kernels/library.ts';
import { wasmDefault } from './default.ts';
import type { WasmHost } from './host.ts';
import { parseModelledDma } from './modelled-dma.ts';
import { buildWasmSpace } from './space.ts';
import { wasmTarget } from './target.ts';

const host: WasmHost = {
  node: '22.0.0',
  v8: '12',
  flags: ['--no-liftoff'],
  cpu: 'test',
  cores: 2,
  memoryBytes: 1e9,
  relaxedSimd: true,
  fingerprint: 'test',
};
const gelu = findLibraryKernel('gelu').build([262144], 'f32');

describe('the space of a kernel on a WASM engine', () => {
  it('has the default, which is one plain vector on one thread', () => {
    const space = buildWasmSpace(gelu, host);
    const configuration = wasmDefault(space);
    expect(space.has(configuration)).toBe(true);
    expect(configuration).toMatchObject({ lanes: 4, fma: false, threads: 1, staging: 'direct', buffers: 1 });
  });

  it('lets each mechanism be off and strictly on', () => {
    const space = buildWasmSpace(gelu, host);
    expect(space.restrict(permitOnly(space.parameters, new Set()))?.size).toBeGreaterThan(1);
    for (const mechanism of ['vec', 'mt', 'db'] as const) {
      expect(space.restrict(forceOn(space.parameters, mechanism))?.size).toBeGreaterThan(1);
    }
  });

  it('counts a DMA thread as a core, and keeps no configuration twice', () => {
    const space = buildWasmSpace(gelu, host);
    const resting = { ...wasmDefault(space) };
    const staged = { ...resting, staging: 'dma', buffers: 2, tile: 4096 };
    expect(space.has(staged)).toBe(true);
    expect(space.has({ ...staged, threads: 2 })).toBe(false);
    expect(space.has({ ...staged, staging: 'copy' })).toBe(false);
    expect(space.has({ ...resting, tile: 4096 })).toBe(false);
    expect(space.has({ ...resting, chunking: 'dynamic-8' })).toBe(false);
    expect(space.has({ ...resting, lanes: 1, fma: true })).toBe(false);
  });

  it('has only values that host and kernel allow', () => {
    const names = (cores: number, relaxedSimd: boolean, kernel = gelu) =>
      buildWasmSpace(kernel, { ...host, cores, relaxedSimd }).parameters.map(({ name }) => name);
    expect(names(1, false)).toEqual(['lanes', 'scalarUnroll', 'staging', 'tile', 'copyEngine', 'staged']);
    expect(names(2, true, findLibraryKernel('vector-add').build([262144], 'f32'))).not.toContain('fma');
    expect(names(2, true, findLibraryKernel('matmul').build([64, 64, 64], 'f32'))).toContain('tileRows');
  });

  it('uses the scratchpad for all data only if the DMA is modelled, as the target’s name says', () => {
    const modelled = { gigabytesPerSecond: 4, latencyUs: 1 };
    const target = wasmTarget(host, modelled);
    const space = target.space(gelu);
    const valuesOf = (name: string) => space.parameters.find((one) => one.name === name)?.values;
    expect(valuesOf('staging')).toEqual(['dma']);
    expect(valuesOf('staged')).toEqual(['inout']);
    expect(valuesOf('buffers')).toEqual([1, 2]);
    expect(valuesOf('threads')).toBeUndefined();
    expect(space.has(target.defaultConfiguration(gelu, space))).toBe(true);
    expect(space.restrict(forceOn(space.parameters, 'db'))?.size).toBeGreaterThan(1);
    expect(target.name).toBe('wasm-modelled-dma-4GBps-1us');
    const prints = [wasmTarget(host), target, wasmTarget(host, { ...modelled, latencyUs: 2 })];
    expect(new Set(prints.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    const many = buildWasmSpace(gelu, { ...host, cores: 5 }, modelled);
    expect(many.parameters.find(({ name }) => name === 'threads')?.values).toEqual([1, 2]);
  });

  it('refuses a modelled DMA without a core or without data to transfer', () => {
    const modelled = { gigabytesPerSecond: 4, latencyUs: 1 };
    expect(() => buildWasmSpace(gelu, { ...host, cores: 1 }, modelled)).toThrow(/second core/);
    const matmul = findLibraryKernel('matmul').build([64, 64, 64], 'f32');
    expect(() => buildWasmSpace(matmul, host, modelled)).toThrow(/matmul stages nothing/);
  });

  it.each(['4GB/s-1us', '4GBps', '', '0GBps-1us', '4GBps-5000us'])(
    "refuses '%s' as a modelled DMA",
    (text) => {
      expect(() => parseModelledDma(`wasm-modelled-dma-${text}`)).toThrow(InputError);
    },
  );

  it('names rivals for double buffering’s threads that the space has', async () => {
    const rivalsOf = async (cores: number, modelled?: { gigabytesPerSecond: number; latencyUs: number }) => {
      const { space, rivals } = wasmTarget({ ...host, cores }, modelled);
      const { all } = await subspacesOf(space(gelu), rivals?.(space(gelu)));
      return all.map(({ name }) => name).filter((name) => name.startsWith('db against'));
    };
    const [overlap, oneThread, both] = [
      'db against one buffer on the same threads',
      'db against computing in place on one thread',
      'db against computing in place on the DMA thread too',
    ];
    expect(await rivalsOf(1)).toEqual([]);
    expect(await rivalsOf(2)).toEqual([overlap, oneThread, both]);
    expect(await rivalsOf(4)).toEqual([overlap, oneThread, `${oneThread}, itself`, both]);
    expect(await rivalsOf(2, { gigabytesPerSecond: 4, latencyUs: 1 })).toEqual([overlap]);
    const matmul = findLibraryKernel('matmul').build([64, 64, 64], 'f32');
    expect(wasmTarget(host).rivals?.(buildWasmSpace(matmul, host))).toEqual([]);
  });

  it('tells vectors without fused multiply-adds apart', async () => {
    const { all } = await subspacesOf(buildWasmSpace(gelu, host));
    expect(all.map(({ name }) => name)).toContain('without fma');
  });

  it('refuses data that does not fit a 32-bit memory', () => {
    const huge = findLibraryKernel('gelu').build([2 ** 30], 'f32');
    expect(() => buildWasmSpace(huge, host)).toThrow(/--shape: its data takes 8.00 GiB/);
  });

  it('refuses an unsupported operation by name', () => {
    const kernel = defineKernel('double', { shape: [8], dtype: 'f64' }, (k) => {
      const i = k.dimension('i', 8);
      k.store(k.output('out', 'f64', [8]), [i], k.input('x', 'f64', [8]).at(i));
    });
    expect(() => wasmTarget(host).space(kernel)).toThrow(InputError);
  });
});
