import { expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import type { ScalingDocument } from '../../documents/scaling.ts';
import { plotScaling } from './scaling.ts';

const none = unknown('not applicable', 'nothing');

function documentOf(sized: readonly (readonly [shape: string, elements: number, gain: number])[]) {
  const document: ScalingDocument = {
    ...{ schemaVersion: 1, kernel: 'softmax', dtype: 'f32', target: 'edge-2mib', mechanism: 'mt', seed: 1 },
    ...{
      strategy: 'random',
      restrictedTo: '',
      from: 'simulator',
      intervalFrom: null,
      pays: [],
      breakEven: none,
    },
    sizes: sized.map(([shape, elements, value]) => ({
      ...{ shape, elements, study: shape, timeUs: 1, leftOut: none, published: [] },
      forced: { value, low: null, high: null },
    })),
  };
  return document;
}

it('joins sizes, not shapes of one size, each of which has its point', () => {
  const drawn = plotScaling(
    's',
    documentOf([
      ['64x256', 16384, 1],
      ['256x1024', 262144, 2],
      ['64x4096', 262144, 8],
      ['1024x1024', 1048576, 4],
    ]),
  );
  const [, line] = /<polyline points="([^"]+)"/.exec(drawn?.body ?? '') ?? [];
  const across = line.split(' ').map((point) => Number(point.split(',')[0]));
  expect(across).toHaveLength(3);
  expect(new Set(across).size).toBe(3);
  // Of 2 and 8 the geometric mean is 4, as high as the last.
  const [, middle, last] = line.split(' ').map((point) => Number(point.split(',')[1]));
  expect(middle).toBeCloseTo(last, 1);
  for (const shape of ['64x256', '256x1024', '64x4096', '1024x1024'])
    expect(drawn?.body).toContain(`<title>${shape}: `);
  expect(drawn?.title).toBe('Gain of MT against size; line: mean of each size');
});

it('says nothing of a mean where each size has one shape', () => {
  const drawn = plotScaling(
    's',
    documentOf([
      ['4096', 4096, 1],
      ['8192', 8192, 2],
    ]),
  );
  expect(drawn?.title).toBe('Gain of MT against size');
});
