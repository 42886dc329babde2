import { describe, expect, it } from 'vitest';
import { answerTo, CLAIM_MS, Hold, KeptAnswers, Leases } from './lease-rules.ts';

const answer = { kind: 'measured', id: 'a', lease: 7, measured: [] } as const;

describe('a lease', () => {
  it('is answered by its own number only, and by what is an answer', () => {
    expect(answerTo('a', { lease: 7 }, answer)).toEqual(answer);
    for (const job of [{ lease: 8 }, {}, null, undefined]) expect(answerTo('a', job, answer)).toBeUndefined();
    expect(answerTo('b', { lease: 7 }, answer)).toBeUndefined();
    for (const given of [null, 'done', { measured: [] }])
      expect(answerTo('a', { lease: 7 }, given)).toBeUndefined();
  });

  it('has a number that no other has, also after a restart', () => {
    const before = new Leases();
    const numbers = [1000, 1000, 999, 1001].map((now) => before.next(now));
    const after = new Leases();
    numbers.push(after.next(1002));
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

it('what only a worker of another version can have answered refuses the job, and names the field', () => {
  const job = { id: 'a', lease: 3 };
  const older = { kind: 'measured', id: 'a', lease: 3, results: [] };
  expect(answerTo('a', job, older)).toMatchObject({
    kind: 'refused',
    ...job,
    message: expect.stringMatching(/results.*of one version/),
  });
  expect(answerTo('a', job, { ...older, lease: 2 })).toBeUndefined();
  expect(answerTo('a', job, 'words')).toBeUndefined();
});

it('a worker holds its device until before others can claim it, from when it asked', () => {
  const hold = new Hold(Number.NEGATIVE_INFINITY);
  expect(hold.isHeld(0)).toBe(false);
  hold.renewed(100);
  expect(hold.isHeld(101)).toBe(true);
  expect(hold.isHeld(100 + CLAIM_MS - 1000)).toBe(false);
});

it('a worker keeps what it measured for a while, and answers under the new lease', () => {
  const kept = new KeptAnswers();
  kept.keep(answer);
  expect(kept.to({ id: 'a', lease: 9 })).toEqual({ ...answer, lease: 9 });
  for (let n = 0; n < 1000; n++) kept.keep({ ...answer, id: `other ${n}` });
  expect(kept.to({ id: 'a', lease: 9 })).toBeUndefined();
});
