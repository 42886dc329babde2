import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { VisitRecord } from '../store/records.ts';
import type { TimedTrial } from '../store/trial.ts';
import { systemClock } from './clock.ts';
import { SLOW_MS } from './measurement/time-allowance.ts';
import { VisitPace } from './visit-pace.ts';

const visit: VisitRecord = {
  id: 1,
  studyId: 'a',
  trialsAtStart: 0,
  activeMs: 0,
  toolVersion: '0',
  environment: {},
  startedAt: 0,
  state: 'open',
  budget: { forMs: 300 },
};

function timedTrial(number: number): TimedTrial {
  const proposal = { configuration: {}, subset: 'whole', origin: 'random' };
  return { ...proposal, number, settledAt: 0, state: 'timed', timeUs: 2e6, samplesUs: [2e6] };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  z.custom<() => void>((gc) => typeof gc === 'function').parse(runInNewContext('gc'))();
}

describe('the pace of a visit', () => {
  it('aborts a slow run after its time, even if garbage is collected', async () => {
    const { signal } = new AbortController();
    const pace = new VisitPace(visit, [], [], {
      clock: systemClock,
      signal,
      backend: { timing: { kind: 'noisy' } },
    });
    await pause(10);
    collectGarbage();
    await pause(300 + SLOW_MS);
    await expect.poll(() => pace.cutOff.aborted).toBe(true);
    pace.close();
  });

  it('leaves the search what a comparison in whole rounds does not use', async () => {
    let now = 0;
    const clock = { now: () => 0, elapsed: () => now };
    const pace = new VisitPace({ ...visit, budget: { forMs: 30_000 } }, [], [{ name: 'whole' }], {
      clock,
      signal: new AbortController().signal,
      backend: { timing: { kind: 'noisy' } },
    });
    const run = async (): Promise<void> => {
      now += 2100;
    };
    let trials = 0;
    for (; pace.allowance.hasRoomFor(1); trials++) {
      await pace.allowance.sample(run);
      pace.incumbent.observe(timedTrial(trials));
    }
    pace.close();
    // Two rounds of two take 8.4 s of the 10 s that a comparison may: time for a tenth trial.
    expect({ trials, leftMs: pace.leftMs() }).toEqual({ trials: 10, leftMs: 9000 });
  });

  it('tells what a trial takes without what precedes the first ones', () => {
    let now = 0;
    const clock = { now: () => 0, elapsed: () => now };
    const { signal } = new AbortController();
    const log: TimedTrial[] = [];
    const world = { clock, signal, backend: { timing: { kind: 'noisy' } } } as const;
    const pace = new VisitPace({ ...visit, budget: { trials: 100 } }, log, [], world);
    now += 9000;
    const trialMs = [2, 1, 1].map((more) => {
      for (let n = 0; n < more; n++) log.push(timedTrial(log.length));
      pace.settled();
      const { trialMs: told } = pace.progress;
      now += 40;
      return told;
    });
    pace.close();
    expect(trialMs).toEqual([undefined, 40, 40]);
  });

  it('aborts a run at an interruption', () => {
    const interruption = new AbortController();
    const pace = new VisitPace(visit, [], [], {
      clock: systemClock,
      signal: interruption.signal,
      backend: { timing: { kind: 'noisy' } },
    });
    expect(pace.cutOff.aborted).toBe(false);
    interruption.abort();
    expect(pace.cutOff.aborted).toBe(true);
    pace.close();
  });
});
