import { describe, expect, it } from 'vitest';
import type { Backend, Variant } from '../backend.ts';
import { machine } from '../machine.fixture.ts';
import { visitStudy } from '../study.ts';
import { memory, openMachineStudy, world } from '../visit.fixture.ts';

const SAMPLE_MS = 2;
const CHECK_MS = 15;
const START_MS = 400;
const LOAD_MS = 8;

/** A machine with quick samples and slow processes, and the clock that they advance. */
function slowToStart() {
  const calm = machine({ noise: 0.02, batchSize: 1 });
  let now = 0;
  let isStarted = false;
  const takes = (ms: number): void => {
    now += ms;
  };
  const backend: Backend = {
    ...calm,
    verify: async (...asked) => {
      if (!isStarted) takes(START_MS);
      isStarted = true;
      takes(CHECK_MS);
      return calm.verify(...asked);
    },
    session: async (variants, signal, options) => {
      if (options?.fresh) takes(START_MS + LOAD_MS * variants.length);
      const session = await calm.session(variants, signal, options);
      const sample: typeof session.sample = async (...asked) => {
        takes(SAMPLE_MS);
        return session.sample(...asked);
      };
      return { ...session, sample };
    },
  };
  return { backend, clock: { now: () => now, elapsed: () => now } };
}

describe('a final comparison', () => {
  it.each([3000, 4000, 6000])(
    'has rounds enough for intervals within %d ms, though processes start slowly',
    async (forMs) => {
      const { backend, clock } = slowToStart();
      const store = await memory();
      const study = await openMachineStudy(store);
      await visitStudy(study, { forMs }, world(store, backend, { clock }));
      const [comparison] = await store.comparisons(study.id);
      const { roundsUs = [], roundsByProcess = [] } = comparison ?? {};
      expect(roundsUs.length).toBeGreaterThanOrEqual(5);
      expect(roundsByProcess.reduce((sum, rounds) => sum + rounds, 0)).toBe(roundsUs.length);
      expect(clock.elapsed()).toBeLessThanOrEqual(forMs * 1.02);
    },
  );

  it('takes no challenger in whose rounds are too few to count, and ends in time', async () => {
    for (const forMs of [6900, 7100, 7600, 8300]) {
      const { backend, clock } = slowToStart();
      const store = await memory();
      const study = await openMachineStudy(store);
      await visitStudy(study, { forMs }, world(store, backend, { clock }));
      const [comparison] = await store.comparisons(study.id);
      const { roundsUs = [], variants = [] } = comparison ?? {};
      const rounds = variants.map((_, place) => roundsUs.filter((row) => row[place] !== null).length);
      expect(Math.min(...rounds), `${forMs} ms`).toBeGreaterThanOrEqual(5);
      expect(clock.elapsed()).toBeLessThanOrEqual(forMs * 1.02);
    }
  });

  it('says where it was cut before all that are simpler were timed, and is not sure then', async () => {
    const told = new Set<boolean>();
    for (const forMs of [3000, 4000, 60_000]) {
      const { backend, clock } = slowToStart();
      const store = await memory();
      const study = await openMachineStudy(store);
      const findings = await visitStudy(study, { forMs, trials: 40 }, world(store, backend, { clock }));
      const [{ isCut = false }] = await store.comparisons(study.id);
      told.add(isCut);
      const note = expect.stringContaining('before all that are simpler');
      expect(findings.warnings).toEqual(
        isCut ? expect.arrayContaining([note]) : expect.not.arrayContaining([note]),
      );
      if (isCut) expect(findings.sure).toBeNull();
      else expect(findings.sure).toBeGreaterThan(0);
    }
    expect(told.size).toBe(2);
  });

  it('leaves out a challenger that has hardly a time', async () => {
    const { backend, clock } = slowToStart();
    const challengers: Variant[] = [];
    const timed = new Set<Variant>();
    const disturbed: Backend = {
      ...backend,
      prepare: async (proposal, signal) => {
        const prepared = await backend.prepare(proposal, signal);
        if (proposal.subset === 'simpler' && prepared.state === 'ready') challengers.push(prepared.variant);
        return prepared;
      },
      session: async (...asked) => {
        const session = await backend.session(...asked);
        const sample: typeof session.sample = async (variant, round) => {
          if (!challengers.includes(variant)) return session.sample(variant, round);
          if (timed.has(variant)) return { state: 'dropped' };
          timed.add(variant);
          return { state: 'timed', timeUs: 1e-6 };
        };
        return { ...session, sample };
      },
    };
    const store = await memory();
    const study = await openMachineStudy(store);
    await visitStudy(study, { forMs: 8300 }, world(store, disturbed, { clock }));
    const [comparison] = await store.comparisons(study.id);
    expect(timed.size).toBeGreaterThan(0);
    expect(comparison?.variants.map(({ label }) => label)).not.toContain('simpler');
  });
});
