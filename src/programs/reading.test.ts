import { expect, it } from 'vitest';
import { readTime } from './reading.ts';

it.each([
  ['12.5', { state: 'time', timeUs: 12_500 }],
  ['warming up\n\n3e-2\n', { state: 'time', timeUs: 30 }],
  ['{"timeUs": 7}', { state: 'time', timeUs: 7 }],
  ['{"time": 2, "unit": "s", "power": 3}', { state: 'time', timeUs: 2e6 }],
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
  ['{"timeUs": 7, "gflops": NaN, "power": -Infinity}', { state: 'time', timeUs: 7 }],
  ['{"timeUs": NaN}', { state: 'unreadable', line: '{"timeUs": NaN}' }],
  ['1e308', { state: 'unreadable', line: '1e308' }],
  ['Infinity', { state: 'unreadable', line: 'Infinity' }],
  [' \n', { state: 'silent' }],
])('reads %j', (output, reading) => {
  expect(readTime(output, 'ms')).toEqual(reading);
});
