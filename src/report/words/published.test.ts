import { describe, expect, it } from 'vitest';
import { type GainFigure, unknown } from '../../../tuner/attribution/gain.ts';
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
const findings = { ladder, gains: {} };
const gelu = { target: 'hexagon-mlir', kernel: 'gelu', shape: '1048576', dtype: 'f32' };

describe('published gains', () => {
  it('stand beside the same step of the study’s ladder, also where publications disagree', () => {
    expect(publishedGains(gelu, findings).map(publishedSentence)).toEqual([
      'MT: published 3.91× (arXiv 2602.20204), here 3.86× [3.47, 4.25]',
      'MT: published 3.40× (arXiv 2602.19762), here 3.86× [3.47, 4.25]',
      'Vec: published 16.1× (arXiv 2602.19762, shape not stated), here 13.1× [11.8, 14.4]',
    ]);
  });

  it('are ratios of the published times of vector-add', () => {
    const subject = { ...gelu, kernel: 'vector-add', shape: '64x16384' };
    const values = publishedGains(subject, findings).map(({ mechanism, value, caveat }) => [
      mechanism,
      value.toFixed(3),
      caveat,
    ]);
    expect(values).toEqual([
      ['vec', '41.271', null],
      ['mt', '1.070', 'both without DMA, which a rung of the ladder may have'],
      ['db', '1.116', 'with DMA, which a rung before may have here'],
    ]);
  });

  it('of multi-threading stand beside its step without DMA, where the publication has none before double buffering', () => {
    const subject = { ...gelu, kernel: 'vector-add', shape: '64x16384' };
    const rest = { alone: NONE, leftOut: NONE, forced: NONE, shapleyShare: NONE };
    const unserved = { value: 1.34, low: 1.01, high: 1.58 };
    expect(publishedGains(subject, { ladder, gains: { mt: { ...rest, unserved } } })[1].here).toBe(unserved);
    expect(publishedGains(subject, findings)[1].here).toMatchObject({ unknown: 'not applicable' });
  });

  it('of double buffering stand beside DMA and overlap together, as the rung there brings both', () => {
    const subject = { ...gelu, kernel: 'vector-add', shape: '64x16384' };
    const one = { value: 1.25, low: 1, high: 1.5 };
    const other = { value: 1.5, low: 1.25, high: 2 };
    const rest = { alone: NONE, leftOut: NONE, forced: NONE, shapleyShare: NONE };
    const here = (service: GainFigure, itself: GainFigure) =>
      publishedGains(subject, { ladder, gains: { db: { ...rest, parts: { service, itself } } } })[2].here;
    expect(here(one, other)).toEqual({ value: 1.875, low: 1.25, high: 3 });
    expect(here({ ...one, low: null, high: null }, other)).toEqual({ value: 1.875, low: null, high: null });
    expect(here(one, NONE)).toEqual(NONE);
    expect(here(NONE, other)).toEqual(NONE);
    expect(publishedGains(subject, findings)[2].here).toMatchObject({ unknown: 'not applicable' });
  });

  it('of the same code on one and on four threads stand beside forced multi-threading', () => {
    const subject = { target: 'snapdragon-8gen1', kernel: 'vrmpy', shape: '4096', dtype: 'u8' };
    const gains = {
      mt: { alone: NONE, leftOut: NONE, forced: { value: 2, low: 1, high: 3 }, shapleyShare: NONE },
    };
    const [{ value, here }, ...others] = publishedGains(subject, { ladder, gains });
    expect([value.toFixed(2), here, others]).toEqual(['2.51', gains.mt.forced, []]);
    expect(publishedGains(subject, findings)[0].here).toMatchObject({ unknown: 'not applicable' });
  });

  it.each([
    ['another shape', { shape: '4096' }, ['vec']],
    ['another dtype', { dtype: 'f16' }, ['vec']],
    ['another target', { target: 'hexagon-mlir-beyond' }, []],
    ['another kernel', { kernel: 'silu' }, []],
  ])('of %s are not shown', (_, other, mechanisms) => {
    const found = publishedGains({ ...gelu, ...other }, findings);
    expect(found.map(({ mechanism }) => mechanism)).toEqual(mechanisms);
  });

  it('are beside an unknown gain where the ladder has no such step', () => {
    for (const without of [NO_LADDER, ladder.slice(0, 1)])
      for (const gain of publishedGains(gelu, { ladder: without, gains: {} }))
        expect(gain.here).toHaveProperty('unknown');
    expect(publishedSentence(publishedGains(gelu, { ladder: ladder.slice(0, 1), gains: {} })[0])).toMatch(
      /, here not applicable \(the ladder has no such step\)$/,
    );
  });
});
