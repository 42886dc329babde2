import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { wasmBackend } from './backend.ts';
import { assembleWat } from './generator/assemble.ts';
import { generate } from './generator/generate.ts';
import type { ModelledDma } from './generator/modelled-dma.ts';
import { setupOf } from './harness.fixture.ts';
import { wasmRunner } from './runner/runner.ts';
import { placementOf, scheduleOf } from './schedule-of.ts';

const STAGED = { lanes: 4, staging: 'dma', copyEngine: 'simd', staged: 'inout', threads: 1 };

/** The wall time of a call in microseconds, after its result was checked; disturbed calls count. */
async function callUs(kernel: Kernel, configuration: Configuration, modelled: ModelledDma): Promise<number> {
  const setup = setupOf(kernel, 2);
  const runner = wasmRunner(['--no-liftoff'], setup, 60_000);
  try {
    const generated = generate(kernel, scheduleOf(configuration, modelled), setup.pages);
    const placement = placementOf(
      configuration,
      generated,
      Uint8Array.from(await assembleWat(generated.text)),
      1,
    );
    expect(await runner.ask(placement, 'verify')).toMatchObject({ kind: 'right' });
    const answer = await runner.ask(placement, 'sample');
    if (answer.kind !== 'time') throw new Error(`no time: ${JSON.stringify(answer)}`);
    return answer.timeUs;
  } finally {
    await runner.close();
  }
}

describe('a modelled DMA', () => {
  it.each([1, 2])('makes no transfer faster than its model, with %i buffers', async (buffers) => {
    // Four tiles, the last of 928 elements, each in and out: eight latencies, and all bytes at 0.1 GB/s.
    const leastUs = 8 * 50 + (2 * 4000 * 4) / 100;
    const modelled = { gigabytesPerSecond: 0.1, latencyUs: 50 };
    const configuration = { ...STAGED, tile: 1024, buffers };
    const timeUs = await callUs(libraryKernel('gelu', [4000]), configuration, modelled);
    expect(timeUs).toBeGreaterThanOrEqual(leastUs);
  });

  it('counts every contiguous part of a strided tile', async () => {
    const leastUs = (2 * 96 * 64 * 4) / 100;
    const modelled = { gigabytesPerSecond: 0.1, latencyUs: 0 };
    const timeUs = await callUs(
      libraryKernel('transpose', [96, 64]),
      { ...STAGED, tile: 17, buffers: 2 },
      modelled,
    );
    expect(timeUs).toBeGreaterThanOrEqual(leastUs);
  });

  it('changes no bit of a result', async () => {
    const kernel = libraryKernel('softmax', [37, 67]);
    const machine = { kernel, flags: ['--no-liftoff'], cores: 2, relaxedSimd: false };
    const results = [];
    for (const [options, configuration] of [
      [machine, { lanes: 4 }],
      [
        { ...machine, modelledDma: { gigabytesPerSecond: 4, latencyUs: 1 } },
        { ...STAGED, tile: 5, buffers: 2 },
      ],
    ] as const) {
      const backend = await wasmBackend(options);
      const prepared = await backend.prepare({ configuration, subset: 'db', origin: 'test' });
      if (prepared.state === 'invalid') throw new Error(prepared.message);
      results.push(await backend.result(prepared.variant, 'out'));
      await backend.close();
    }
    expect(results[0]).toBeInstanceOf(Uint8Array);
    expect(results[1]).toEqual(results[0]);
  });

  it('is in the environment of a session', async () => {
    const modelledDma = { gigabytesPerSecond: 4, latencyUs: 1 };
    const kernel = libraryKernel('gelu', [4000]);
    const backend = await wasmBackend({ kernel, flags: [], cores: 2, relaxedSimd: false, modelledDma });
    const session = await backend.session([], new AbortController().signal);
    expect(session.environment()).toMatchObject({ modelledDma: '4GBps-1us' });
    await session.close();
    await backend.close();
  });
});
