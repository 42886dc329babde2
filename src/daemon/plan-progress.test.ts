import { expect, it } from 'vitest';
import type { PlanRecord } from '../../store/records.ts';
import { PlanProgress } from './plan-progress.ts';

function record(total: object, activeMs = 0): PlanRecord {
  const named = (name: string) => ({ kind: 'named', name });
  const spec = { kernel: named('gelu'), target: named('t'), strategy: 'random', seed: 1 };
  const task = { spec, budget: {}, priority: 0, calls: 1, trialsBefore: 100 };
  return {
    id: 'p',
    document: JSON.parse(JSON.stringify({ studies: [{ kernel: 'gelu' }], total })),
    submittedAt: 0,
    activeMs,
    endedAt: null,
    studies: [
      { studyId: 'a', task, state: 'begun', stoppedBy: null },
      { studyId: 'b', task, state: 'ended', stoppedBy: 'trials' },
    ],
  };
}

it('counts working time over restarts, without the time that the machine slept', () => {
  const plan = new PlanProgress(record({ for: '10m' }, 9 * 60_000));
  plan.beat(1000);
  expect(plan.isSpent).toBe(false);
  plan.beat(8 * 3600_000);
  expect(plan.activeMs).toBe(9 * 60_000 + 6000);
  expect(plan.isSpent).toBe(false);
  for (let second = 0; second < 54; second++) plan.beat(1000);
  expect(plan.isSpent).toBe(true);
});

it('counts the trials since it was submitted, of all its studies', () => {
  const plan = new PlanProgress(record({ trials: 50 }));
  plan.count('a', 130);
  plan.count('b', 119);
  plan.count('somebody else’s', 1000);
  expect(plan.isSpent).toBe(false);
  plan.count('a', 131);
  expect(plan.isSpent).toBe(true);
  expect([...plan.open]).toEqual(['a']);
  plan.end('a');
  expect(plan.open.size).toBe(0);
});

it('without a total is never spent', () => {
  const plan = new PlanProgress(record({}));
  plan.count('a', 1e9);
  plan.beat(1e9);
  expect(plan.isSpent).toBe(false);
});
