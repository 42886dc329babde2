import { expect, it } from 'vitest';
import { readTime } from './reading.ts';

it.each([
  ['12.5', { state: 'time', timeUs: 12_500 }],
  ['warming up\n\n3e-2\n', { state: 'time', timeUs: 30 }],
  ['{"timeUs": 7}', { state: 'time', timeUs: 7 }],
  ['{"time": 2, "unit": "s", "power": 3}', { state: 'time', timeUs: 2e6, metrics: { power: 3 } }],
  [
    '{"time": 2}',
    {
      state: 'unreadable',
      line: '{"time": 2}',
      lacks: 'has no unit: one of ns, us, ms, s, as in {"time": 2, "unit": "ms"}',
    },
  ],
  ['{"timeUs": -1}', { state: 'unreadable', line: '{"timeUs": -1}' }],
  ['{"timeUs": ', { state: 'unreadable', line: '{"timeUs":' }],
  ['0', { state: 'unreadable', line: '0' }],
  ['12 ms', { state: 'unreadable', line: '12 ms' }],
  [
    '{"timeUs": 7, "gflops": NaN, "power": -Infinity, "bandwidth": 3}',
    {
      state: 'time',
      timeUs: 7,
      metrics: { bandwidth: 3 },
      leftOut: 'gflops is null or NaN, so it is not known; power is infinite, so it is not known',
    },
  ],
  // As C's printf writes them.
  [
    '{"timeUs": 7, "a": inf, "b": -nan, "c": nan(0x8000), "d": -INF, "e": 1}',
    {
      state: 'time',
      timeUs: 7,
      metrics: { e: 1 },
      leftOut: expect.stringMatching(/^a is infinite.*; b is null or NaN/),
    },
  ],
  [
    '{"timeUs": 7, "who": "inf", "how": {"nan": [1]}, "ok": true}',
    {
      state: 'time',
      timeUs: 7,
      leftOut: expect.stringMatching(/^who is text, .*; how is a list or an object, .*; ok is true, /),
    },
  ],
  ['{"timeUs": inf}', { state: 'unreadable', line: '{"timeUs": inf}' }],
  ['{"timeUs": NaN}', { state: 'unreadable', line: '{"timeUs": NaN}' }],
  [
    '{"timeUs": 7, "energyJ": 0, "toString": 1, "who": "me", "unit": 3, "a b": 1, "__proto__": 2, "t": -1}',
    {
      state: 'time',
      timeUs: 7,
      metrics: { energyJ: 0, toString: 1 },
      leftOut: expect.stringMatching(/^who is text, .*; a b names no metric/),
    },
  ],
  [
    '{"timeUs": 7, "temperature": -4}',
    { state: 'time', timeUs: 7, leftOut: 'temperature is -4, and a metric is a number from 0 on' },
  ],
  ['1e308', { state: 'unreadable', line: '1e308' }],
  ['Infinity', { state: 'unreadable', line: 'Infinity' }],
  [' \n', { state: 'silent' }],
])('reads %j', (output, reading) => {
  expect(readTime(output, 'ms')).toEqual(reading);
});

it('keeps a bounded number of metrics', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`m${n}`, n]));
  const reading = readTime(JSON.stringify({ timeUs: 1, ...many }), 'us');
  expect(reading).toMatchObject({
    state: 'time',
    leftOut: expect.stringMatching(/^m32 is one too many: 32 metrics are kept; .*; and 4964 more$/),
  });
  expect(Object.keys('metrics' in reading ? (reading.metrics ?? {}) : {})).toHaveLength(32);
});
