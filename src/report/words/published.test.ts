import { describe, expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { publishedGains } from '../../answers/published.ts';
import { publishedSentence } from './published.ts';

const NONE = unknown('not tried', '12 trials without it, 0 with it');

const NO_LADDER = unknown('not applicable', 'the space has no parameter of a mechanism');

const rung = (name: string, value: number | null) => ({
  rung: name,
  configuration: {},
  timeUs: 1,
  gainOverPrevious: value === null ? NONE : { value, low: value * 0.9, high: value * 1.1 },
  gainOverScalar: NONE,
});
const ladder = [rung('scalar', null), rung('vec', 13.1), rung('vec+mt', 3.86), rung('vec+mt+db', 1)];
const gelu = { target: 'hexagon-mlir', kernel: 'gelu', shape: '1048576', dtype: 'f32' };

describe('published gains', () => {
  it('stand beside the same step of the study’s ladder, also where publications disagree', () => {
    expect(publishedGains(gelu, ladder).map(publishedSentence)).toEqual([
      'MT: published 3.91× (arXiv 2602.20204), here 3.86× [3.47, 4.25]',
      'MT: published 3.40× (arXiv 2602.19762), here 3.86× [3.47, 4.25]',
      'Vec: published 16.1× (arXiv 2602.19762, shape not stated), here 13.1× [11.8, 14.4]',
    ]);
  });

  it('are ratios of the published times of vector-add', () => {
    const subject = { ...gelu, kernel: 'vector-add', shape: '64x16384' };
    const values = publishedGains(subject, ladder).map(({ mechanism, value, caveat }) => [
      mechanism,
      value.toFixed(3),
      caveat,
    ]);
    expect(values).toEqual([
      ['vec', '41.271', null],
      ['mt', '1.070', 'no DMA there before +DB'],
      ['db', '1.116', 'no DMA there before +DB'],
    ]);
  });

  it.each([
    ['another shape', { shape: '4096' }, ['vec']],
    ['another dtype', { dtype: 'f16' }, ['vec']],
    ['another target', { target: 'hexagon-mlir-beyond' }, []],
    ['another kernel', { kernel: 'silu' }, []],
  ])('of %s are not shown', (_, other, mechanisms) => {
    const found = publishedGains({ ...gelu, ...other }, ladder);
    expect(found.map(({ mechanism }) => mechanism)).toEqual(mechanisms);
  });

  it('are beside an unknown gain where the ladder has no such step', () => {
    for (const without of [NO_LADDER, ladder.slice(0, 1)])
      for (const gain of publishedGains(gelu, without)) expect(gain.here).toHaveProperty('unknown');
    expect(publishedSentence(publishedGains(gelu, ladder.slice(0, 1))[0])).toMatch(
      /, here unknown, not applicable \(the ladder has no such step\)$/,
    );
  });
});
