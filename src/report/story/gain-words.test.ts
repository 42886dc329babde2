import { describe, expect, it } from 'vitest';
import { type Gain, unknown } from '../../../tuner/attribution/gain.ts';
import { stepSentences } from '../words/rungs.ts';
import { gainSentences } from './gain-words.ts';

const gain = (value: number, low: number | null = null, high: number | null = null): Gain => ({
  value,
  low,
  high,
});
const na = unknown('not applicable', 'the space has no such configuration');
const none = { alone: na, leftOut: na, forced: na, shapleyShare: na };
const untried = unknown('not tried', '12 trials without it, 0 with it');

describe('gainSentences', () => {
  it('describe the parts, and each rival with its interval and whether the mechanism pays', () => {
    const told = gainSentences({
      vec: { ...none, apart: [{ parameter: 'fma', label: 'fusing', without: gain(4.2), onTop: gain(1.25) }] },
      db: {
        ...none,
        forced: gain(0.5, 0.4, 0.6),
        parts: { service: gain(1), itself: gain(1.2) },
        rivals: [
          { label: 'one buffer', gain: gain(1.4, 1.3, 1.5) },
          { label: 'a tie', gain: gain(1.01, 0.98, 1.04) },
          { label: 'two threads', gain: gain(0.5, 0.4, 0.6) },
          { label: 'nobody', gain: untried },
        ],
      },
    });
    expect(told).toEqual([
      'Vec without fusing 4.20×, these on top 1.25×',
      'DB in two parts: DMA instead of core copies 1.00×, overlap 1.20×',
      'DB against one buffer 1.40× [1.30, 1.50]',
      'DB against a tie 1.01× [0.98, 1.04], no significant difference',
      'DB against two threads 0.50× [0.40, 0.60], does not pay',
      'DB against nobody unknown, not tried (12 trials without it, 0 with it)',
      'DB does not pay here: forced on, all else tuned, 0.50× [0.40, 0.60]',
    ]);
  });

  it('say what a gain consists of and what it rests on, once for all measures of which it is true', () => {
    const caution = '85 % of the scalar time that Vec saves is a prior: stalls of scalar accesses';
    const made = (value: number, issue: number, stalls: number, rest: number): Gain => ({
      ...gain(value),
      causes: { factors: { issue, stalls, rest }, caution },
    });
    const leftOut = made(12, 2, 5, 1.2);
    const vec = { ...none, alone: made(16.4, 2.1, 7.81, 1.001), leftOut, forced: leftOut };
    expect(gainSentences({ vec })).toEqual([
      'Vec alone: 16.4× = issue 2.10× · stalls 7.81×',
      `Vec alone, left out, forced: ${caution}`,
      'Vec left out, forced: 12.0× = issue 2.00× · stalls 5.00× · rest 1.20×',
    ]);
    const scalar = { configuration: {}, timeUs: 9, gainOverPrevious: gain(1), gainOverScalar: gain(1) };
    const ladder = [
      { ...scalar, rung: 'scalar' },
      { ...scalar, rung: 'vec', gainOverPrevious: vec.alone },
    ];
    expect(stepSentences(ladder)).toEqual(['+vec: 16.4× = issue 2.10× · stalls 7.81×', `+vec: ${caution}`]);
  });

  it('say once for each reason which gains are unknown', () => {
    const little = unknown('searched too little', '12 trials without it, 2 with it');
    const mt = { alone: untried, leftOut: little, forced: little, shapleyShare: untried };
    expect(gainSentences({ mt })).toEqual([
      'MT alone, Shapley share: unknown, not tried (12 trials without it, 0 with it)',
      'MT left out, forced: unknown, searched too little (12 trials without it, 2 with it)',
    ]);
  });

  it('do not call a mechanism bad if its interval contains 1', () => {
    expect(gainSentences({ mt: { ...none, forced: gain(0.995) } })).toEqual([]);
    expect(gainSentences({ mt: { ...none, forced: gain(0.9, 0.7, 1.1) } })).toEqual([]);
  });
});
