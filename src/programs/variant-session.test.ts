import { describe, expect, it } from 'vitest';
import type { CallWork } from './variant-process.ts';
import { VariantSession } from './variant-session.ts';

/** A session's sample from a runner's answers: calls of 10 ms, of which a thread waited for a share. */
async function sampleWith(waits: readonly number[], threads: number, work: CallWork = { multiplyAdds: 0 }) {
  let asked = 0;
  const timer = {
    sample: async () => {
      const waited = waits[Math.min(asked++, waits.length - 1)];
      return { kind: 'time', timeUs: 10_000, calls: 1, waited } as const;
    },
    threadsOf: () => threads,
    close: async () => {},
  };
  const session = new VariantSession(timer, false, work, {});
  const sample = await session.sample({ configuration: {}, handle: undefined });
  return { sample, environment: session.environment() };
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

  it.each(['copy', 'triad'] as const)(
    'tells the speed at which a thread streams like %s, beside the limits',
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
});
