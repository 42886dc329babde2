import { expect, it } from 'vitest';
import type { Answer, MeasuredSample } from './messages.ts';
import { Opinions } from './opinions.ts';

const samples: Readonly<Record<string, MeasuredSample>> = {
  t: { state: 'timed', timeUs: 1 },
  f: { state: 'invalid', reason: 'runtime', message: 'broken' },
  b: { state: 'unready', reason: 'compile', message: 'no compiler' },
  c: { state: 'unready', reason: 'constraints', message: 'is outside' },
  d: { state: 'dropped' },
};
const answer = (states: string): Answer => ({
  kind: 'measured',
  id: 'j',
  lease: 1,
  measured: [...states].map((state) => samples[state]),
});

it.each([
  [['ttd'], 0, []],
  [['c'], 0, []],
  [['f'], undefined, []],
  [['b'], undefined, []],
  [['f', 't'], 1, [0]],
  [['f', 'b'], 0, []],
  [['tf', 'ft'], undefined, [0, 1]],
  [['tf', 'ft', 'tt'], 2, [0, 1]],
  [['tf', 'ff'], 0, [1]],
])('of the answers %j counts number %s; contradicted are %j', (given, agreed, contradicted) => {
  const opinions = new Opinions<number>();
  const answers = given.map(answer);
  for (const [device, one] of answers.entries()) opinions.add(device, one);
  expect(opinions.agreed()).toBe(agreed === undefined ? undefined : answers[agreed]);
  expect(opinions.devices().filter((device) => opinions.isContradicted(device))).toEqual(contradicted);
});
