import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLibraryKernel } from '../../kernels/library.ts';
import { type WasmBackend, wasmBackend } from './backend.ts';
import { wasmHost } from './host.ts';
import { buildWasmSpace } from './space.ts';

/** Every kind of stage, with tails in every dimension and rows that do not divide by the threads. */
const KERNELS = [
  ['gelu', [20_011]],
  ['softmax', [203, 67]],
  ['layer-norm', [101, 131]],
  ['transpose', [67, 93]],
  ['matmul', [37, 29, 41]],
  ['attention', [2, 11, 19, 12]],
] as const;
const CORES = 4;

describe.each(KERNELS)('schedules of %s %j without fused multiply-adds', (name, shape) => {
  const kernel = findLibraryKernel(name).build(shape, 'f32');
  const [output] = kernel.operands.filter(({ role }) => role !== 'input');
  let backend: WasmBackend;
  beforeAll(async () => {
    const { flags } = await wasmHost();
    backend = await wasmBackend({ kernel, flags, relaxedSimd: false, cores: CORES });
  });
  afterAll(() => backend.close());

  it('give the bits of the same code in place on one thread', async () => {
    const space = buildWasmSpace(kernel, { ...(await wasmHost()), relaxedSimd: false, cores: CORES });
    const plain = new Map<string, Uint8Array>();
    const bits = async (configuration: ReturnType<typeof space.at>) => {
      const prepared = await backend.prepare({ configuration, subset: 'bits', origin: 'test' });
      if (prepared.state === 'invalid') throw new Error(prepared.message);
      const result = await backend.result(prepared.variant, output.name);
      if (!(result instanceof Uint8Array)) throw new Error(result.message);
      return result;
    };
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: space.size - 1 }), async (index) => {
        const configuration = space.at(index);
        const { lanes, scalarUnroll } = configuration;
        const key = `${lanes} ${scalarUnroll}`;
        const want = plain.get(key) ?? (await bits({ lanes, scalarUnroll }));
        plain.set(key, want);
        expect(Buffer.compare(await bits(configuration), want)).toBe(0);
      }),
      { numRuns: 12, seed: 3 },
    );
  });
});

describe('a result within the tolerance with other bits than its schedule must give', () => {
  it('is not correct', async () => {
    const kernel = findLibraryKernel('row-sum').build([5, 67], 'f32');
    const { flags } = await wasmHost();
    const backend = await wasmBackend({ kernel, flags, relaxedSimd: false, cores: 1 });
    const prepared = await backend.prepare({ configuration: { lanes: 16 }, subset: 'bits', origin: 'test' });
    if (prepared.state === 'invalid') throw new Error(prepared.message);
    expect(await backend.verify(prepared.variant)).toEqual({ state: 'correct' });
    // Sums of 16 lanes, checked as sums of 4: another order of additions changes the last bits.
    const disturbed = { ...prepared.variant, configuration: { lanes: 4 } };
    expect(await backend.verify(disturbed)).toEqual({
      state: 'invalid',
      reason: 'correctness',
      message: 'its bits are not those of the same code in place on one thread',
    });
    await backend.close();
  });
});
