import { expect, it } from 'vitest';
import type { DaemonEvent } from './event-hub.ts';
import { Live } from './live.ts';

/** Studies a and b, each half through its ten seconds. */
function two() {
  const told: DaemonEvent[] = [];
  let nowMs = 0;
  const live = new Live({ now: () => nowMs, elapsed: () => nowMs }, (event) => told.push(event));
  const settle = (studyId: string) => {
    nowMs += 1000;
    const progress = { settled: 20, activeMs: 5000, now: 0, sinceGain: 0, trialMs: 250 };
    live.observe({ kind: 'settled', studyId, trials: [], progress });
  };
  for (const studyId of ['a', 'b']) {
    live.begin(studyId, { trials: 0, of: 40 }, Number.POSITIVE_INFINITY);
    live.observe({ kind: 'started', studyId, spaceSize: 99, settled: 0, ofVisit: 0, budget: { trials: 40 } });
    settle(studyId);
  }
  return { live, told, settle, left: () => ['a', 'b'].map((id) => live.of(id)?.leftMs) };
}

it('tells a time left of the only study at work, and none of those that share the machine', () => {
  const { live, told, settle, left } = two();
  expect(left()).toEqual([null, null]);
  expect(told.at(-1)).toMatchObject({ kind: 'progress', study: 'b', leftMs: null });
  live.forget('b');
  settle('a');
  expect(live.of('a')?.leftMs).toBe(5000);
  expect(told.at(-1)).toMatchObject({ kind: 'progress', study: 'a', leftMs: 5000 });
});

it('tells none of a study that is held, whose last trials come later', () => {
  const { live, settle, left } = two();
  live.hold('b');
  settle('b');
  expect(left()).toEqual([5000, null]);
  live.release('b');
  expect(left()).toEqual([null, null]);
  live.hold('a');
  expect(left()).toEqual([null, 5000]);
});
