import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatShape, parseShape } from './shape.ts';

test.each([
  ['1048576', [1048576]],
  ['64x16384', [64, 16384]],
  ['2^20', [1048576]],
  ['2^6x2^14', [64, 16384]],
  [' 2 x 3 x 4 ', [2, 3, 4]],
  ['10^3', [1000]],
])('%s', (text, shape) => {
  expect(parseShape(text)).toEqual(shape);
});

test.each(['', 'x', '64x', '1M', '0', '-4', '2.5', '2^', '^4', '2^2^2', '64X64', '1e6', 'NaN'])(
  "refuses '%s' and says what is allowed",
  (text) => {
    expect(() => parseShape(text)).toThrow(/shape: expected whole numbers from 1 joined by 'x'/);
  },
);

test('refuses a product beyond 2^53', () => {
  expect(() => parseShape('2^99')).toThrow(/too large/);
  expect(() => parseShape('2^40x2^20')).toThrow(/fewer than 2\^53 elements/);
});

test('format and parse are inverse', () => {
  const extent = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(fc.array(extent, { minLength: 1, maxLength: 4 }), (shape) => {
      expect(parseShape(formatShape(shape))).toEqual(shape);
    }),
  );
});
