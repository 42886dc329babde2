import { describe, expect, it } from 'vitest';
import type { TimedPair } from '../../store/verification.ts';
import { type Backend, BackendGone, type Sample, type TimingSession, type Variant } from '../backend.ts';
import { BROKEN, machine } from '../machine.fixture.ts';
import { type Verified, verifyWinner } from './verify.ts';

const DEFAULT = { lanes: 1, threads: 1, staging: 'direct', buffers: 1, tile: 0 };
const WINNER = { lanes: 8, threads: 4, staging: 'direct', buffers: 1, tile: 0 };
const LIKE_DEFAULT = { ...DEFAULT, threads: 2 };
const ENDLESS = { signal: new AbortController().signal, leftMs: () => Number.POSITIVE_INFINITY };

type Change = Partial<Parameters<typeof verifyWinner>[1]>;

async function verified(backend: Backend, change: Change = {}, limit = ENDLESS): Promise<Verified> {
  const question = { winner: WINNER, against: DEFAULT, by: 0, falseClaims: 0.009, seed: 1, earlier: [] };
  return verifyWinner(backend, { ...question, ...change }, limit, 0, async () => {});
}

/** A noisy machine whose samples are `of` a variant; counts its sessions and the orders of what they hold. */
function scripted(of: (variant: Variant, sample: number) => Sample) {
  let samples = 0;
  const loaded: string[] = [];
  const timed: string[] = [];
  const nameOf = ({ configuration }: Variant): string => (configuration.lanes === 8 ? 'winner' : 'default');
  const session = async (variants: readonly Variant[]): Promise<TimingSession> => {
    loaded.push(variants.map(nameOf).join(' '));
    return {
      sample: async (variant) => {
        timed.push(nameOf(variant));
        return of(variant, samples++);
      },
      environment: () => ({}),
      close: async () => {},
    };
  };
  return { backend: { ...machine({ noise: 0.01 }), session }, loaded, timed };
}

describe('verifying a winner', () => {
  it('proves a great gain in few pairs, of a process each', async () => {
    const { backend, loaded } = scripted(({ configuration: { lanes } }, sample) => ({
      state: 'timed',
      timeUs: (lanes === 8 ? 10 : 30) + (sample % 7) / 10,
    }));
    const { verdict, pairs, timingsOfPair } = await verified(backend);
    expect({ verdict, timingsOfPair }).toEqual({ verdict: 'faster', timingsOfPair: 10 });
    expect(pairs.length).toBeLessThanOrEqual(20);
    expect(loaded).toHaveLength(pairs.length);
  });

  it('draws for each pair which of both is loaded and timed first, so that a place is no advantage', async () => {
    // What is timed second is 5 % slower, whatever it is.
    const { backend, loaded, timed } = scripted((_, sample) => ({
      state: 'timed',
      timeUs: sample % 2 === 0 ? 20 : 21,
    }));
    const { verdict } = await verified(backend, {}, { ...ENDLESS, leftMs: left(60) });
    expect({ verdict, pairs: loaded.length }).toEqual({ verdict: 'unknown', pairs: 60 });
    for (const orders of [loaded, timed.filter((_, place) => place % 2 === 0)]) {
      const first = orders.filter((order) => order.startsWith('winner')).length / orders.length;
      expect(first).toBeGreaterThan(0.3);
      expect(first).toBeLessThan(0.7);
    }
  });

  it('goes on with the pairs of an earlier call, and needs no more where they decide', async () => {
    const earlier: readonly TimedPair[] = Array(20).fill([10, 30]);
    const { backend, loaded } = scripted(() => ({ state: 'dropped' }));
    expect(await verified(backend, { earlier })).toMatchObject({ verdict: 'faster', pairs: earlier });
    expect(loaded).toEqual([]);
  });

  it('takes what a disturbed process leaves of its rounds, and tells what it lost', async () => {
    const { backend } = scripted((_, sample) =>
      sample % 20 === 0 || sample % 20 > 1 ? { state: 'dropped' } : { state: 'timed', timeUs: 10 },
    );
    const { pairs, undecided } = await verified(backend, {}, { ...ENDLESS, leftMs: left(6) });
    expect(pairs).toHaveLength(0);
    expect(undecided).toBe('the time was over, and other work disturbed 6 more pairs');
    const { backend: halfClean } = scripted((_, sample) =>
      sample % 10 > 1 ? { state: 'dropped' } : { state: 'timed', timeUs: 10 },
    );
    expect((await verified(halfClean, {}, { ...ENDLESS, leftMs: left(6) })).pairs).toHaveLength(6);
  });

  it('says why nothing is known: time, interruption, a disturbed machine, a failure, a backend that is gone', async () => {
    const aborted = { ...ENDLESS, signal: AbortSignal.abort() };
    const same = machine({ noise: 0.01 });
    expect(await verified(same, {}, { ...ENDLESS, leftMs: () => 0 })).toMatchObject({
      verdict: 'unknown',
      undecided: 'the time was over',
    });
    expect(await verified(same, {}, aborted)).toMatchObject({ undecided: 'it was interrupted' });
    const { backend: disturbed } = scripted(() => ({ state: 'dropped' }));
    expect((await verified(disturbed)).undecided).toMatch(/disturbed every pair/);
    const failed = await verified(same, { winner: BROKEN });
    expect(failed.undecided).toBe('one of both does not work');
    expect(failed.notes).toEqual([expect.stringMatching(/^The winner did not work: /)]);
    const { backend: gone } = scripted((_, sample) => {
      if (sample === 30) throw new BackendGone('the board is gone');
      return { state: 'timed', timeUs: 10 };
    });
    expect(await verified(gone)).toMatchObject({ undecided: 'the board is gone', pairs: { length: 3 } });
  });

  it('computes an exact answer on every accepted parameter set', async () => {
    expect(await verified(machine({ sets: 4 }))).toMatchObject({
      kind: 'ensemble',
      verdict: 'faster',
      pairs: { length: 4 },
    });
    const slower = { winner: DEFAULT, against: LIKE_DEFAULT };
    expect(await verified(machine({ sets: 4 }), slower)).toMatchObject({ verdict: 'not faster' });
  });
});

/** So many looks, then the time is over. */
function left(looks: number): () => number {
  let rest = looks;
  return () => rest--;
}
