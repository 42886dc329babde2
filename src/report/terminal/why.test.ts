import { describe, expect, it } from 'vitest';
import type { WhyStep } from '../../answers/why/step.ts';
import type { WhyDocument } from '../../documents/why.ts';
import { plain } from './paint.ts';
import { drawWhy } from './why.ts';
import { width } from './width.ts';

const step = (parameter: string, timeUs: number, gain: number, how: WhyStep['how']): WhyStep => ({
  changes: [{ parameter, from: 1, to: 4 }],
  timeUs,
  gain,
  how,
  causes: [{ what: 'packets', changeUs: -timeUs }],
});
const study = {
  id: '1a2b',
  kernel: 'gelu',
  shape: '64',
  dtype: 'f32',
  target: 'native',
  seed: 1,
  strategy: 'any',
  restrictedTo: '',
};
const document: WhyDocument = {
  schemaVersion: 1,
  study,
  from: 'native',
  default: {},
  use: {},
  gainOverDefault: { value: 8, low: 7, high: 9 },
  way: {
    startUs: 800,
    startHow: 'measured',
    steps: [
      step('threads', 200, 4, 'measured'),
      {
        ...step('tile', 100, 2, 'predicted'),
        changes: ['tile', 'buffers'].map((parameter) => ({ parameter, from: 1, to: 2 })),
      },
      step('unroll', 100, 1, 'measured'),
    ],
  },
  limit: { what: 'vector units', share: 0.934, isBusy: true, leastUs: 93.4, leastFor: 'operations' },
  roofline: { unknown: 'not applicable', why: 'none' },
};

describe('why', () => {
  it('is a waterfall whose pieces follow each other, with what is predicted named so', () => {
    const lines = drawWhy(document, 100, plain).split('\n');
    const [first, second] = ['threads', 'tile'].map(
      (name) => lines.find((line) => line.startsWith(`${name} `)) ?? '',
    );
    expect(first).toMatch(/█ +200 {2}4\.00×$/);
    expect(second).toMatch(/█ +100 {2}2\.00× predicted$/);
    expect(second.indexOf('█')).toBe(first.lastIndexOf('█') + 1);
    expect(lines).toContain('buffers 1 → 2');
    expect(lines).toContain('Without effect on the time: unroll 1 → 4.');
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain(
      'Next limit: vector units, 93 % busy. The best possible is about 93.4 µs: the operations alone take that long.',
    );
  });

  it.each([40, 60, 80, 120])('fits into %i columns', (columns) => {
    for (const line of drawWhy(document, columns, plain).split('\n').slice(1))
      expect(width(line)).toBeLessThanOrEqual(columns);
  });

  it('says why it is not known', () => {
    const unknown = { unknown: 'not tried', why: 'no trial timed it' } as const;
    const text = drawWhy({ ...document, way: unknown, limit: unknown, gainOverDefault: unknown }, 100, plain);
    expect(text).toContain('The way from the default is unknown, not tried (no trial timed it).');
    expect(text).toContain('What limits it next is unknown: no trial timed it.');
    expect(text).not.toMatch(/\d[\d.]*×/);
  });
});
