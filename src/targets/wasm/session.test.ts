import { describe, expect, it } from 'vitest';
import { findLibraryKernel } from '../../kernels/library.ts';
import { WasmSession, wasmBackend } from './backend.ts';
import { type CallWork, callWork } from './call-work.ts';
import { multiplyAddsText } from './generator/limits-code.ts';
import { wasmHost } from './host.ts';

/** A session's sample from a runner's answers: calls of 10 ms, of which a thread waited for a share. */
async function sampleWith(waits: readonly number[], threads: number, work: CallWork = { multiplyAdds: 0 }) {
  const { flags, relaxedSimd } = await wasmHost();
  const kernel = findLibraryKernel('gelu').build([64], 'f32');
  const backend = await wasmBackend({ kernel, flags, relaxedSimd, cores: 2 });
  const configuration = { lanes: 4, threads };
  const prepared = await backend.prepare({ configuration, subset: 'vec', origin: 'test' });
  await backend.close();
  if (prepared.state === 'invalid') throw new Error(prepared.message);
  let asked = 0;
  const runner = {
    ask: async () => {
      const waited = waits[Math.min(asked++, waits.length - 1)];
      return { kind: 'time', timeUs: 10_000, calls: 1, waited } as const;
    },
    close: async () => {},
  };
  const session = new WasmSession(runner, false, work, {});
  return { sample: await session.sample(prepared.variant), environment: session.environment() };
}

describe('a session', () => {
  it('uses the first sample without waiting', async () => {
    const { sample, environment } = await sampleWith([0.2, 0.4, 0.01], 2);
    expect(sample).toEqual({ state: 'timed', timeUs: 10_000 });
    expect(environment).toMatchObject({ samples: 3, cleanShare: 1 / 3, corrected: 0 });
  });

  it('subtracts the waiting time of a single thread for a core, and drops samples of several threads', async () => {
    const { sample, environment } = await sampleWith([0.2], 1);
    expect(sample).toEqual({ state: 'timed', timeUs: 8_000 });
    expect(environment).toMatchObject({ corrected: 1 });
    expect((await sampleWith([0.2], 2)).sample).toEqual({ state: 'dropped' });
  });

  it('drops a sample that is mostly waiting, even if the waiting time exceeds the sample', async () => {
    for (const waited of [0.6, 1, 1.4]) {
      expect((await sampleWith([waited], 1)).sample).toEqual({ state: 'dropped' });
    }
  });

  it('tells the most multiply-adds that a thread of a clean sample did, beside the limits', async () => {
    const work = { multiplyAdds: 1e9 };
    const { environment } = await sampleWith([0.2, 0.01], 2, work);
    expect(environment.reachedGflops).toBeCloseTo((2 * 1e9) / 2 / 10_000e-6 / 1e9, 9);
    expect((await sampleWith([0.6], 1, work)).environment).not.toHaveProperty('reachedGflops');
  });
});

describe("the machine's limits", () => {
  it.each(['copy', 'triad'] as const)(
    'have the speed at which a thread streams like %s beside them',
    async (like) => {
      const work: CallWork = { multiplyAdds: 0, streamed: { like, bytes: 1e9 } };
      const { environment } = await sampleWith([0.01], 2, work);
      const { reachedCopyGBs, reachedTriadGBs, reachedGflops } = environment;
      const speed = 1e9 / 2 / 10_000e-6 / 1e9;
      expect([reachedCopyGBs, reachedTriadGBs]).toEqual(
        like === 'copy' ? [speed, undefined] : [undefined, speed],
      );
      expect(reachedGflops).toBeUndefined();
    },
  );

  it.each([
    ['relu', [2 ** 25], 'copy'],
    ['vector-add', [1, 2 ** 25], 'triad'],
    // Its data fit in a cache.
    ['relu', [4096], undefined],
    // It hardly writes, and neither limit is like that.
    ['row-sum', [256, 2 ** 20], undefined],
  ] as const)('are like %s of %j as %s is', (name, shape, like) => {
    const { streamed } = callWork(findLibraryKernel(name).build([...shape], 'f32'));
    expect(streamed?.like).toBe(like);
    const elements = shape.reduce((product, extent) => product * extent, 1);
    if (like !== undefined) expect(streamed?.bytes).toBe(elements * (like === 'copy' ? 8 : 12));
  });

  it('load the factor of the multiply-adds, as a constant is slow on some engines', () => {
    const code = multiplyAddsText(true, 0);
    expect(code).toContain('relaxed_madd');
    expect(code).not.toContain('v128.const');
  });
});
