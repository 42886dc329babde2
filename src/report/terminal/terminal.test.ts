import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LadderRung } from '../../../tuner/attribution/findings.ts';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { formatCount, formatDecimals } from '../../text/number-text.ts';
import { formatFactor, formatGain, formatShare } from '../words/numbers.ts';
import { flipSentences } from '../words/what-if.ts';
import { bar } from './bar.ts';
import { drawLadder } from './ladder.ts';
import { ansi, plain } from './paint.ts';
import { describeProgress } from './progress.ts';
import { drawTable } from './table.ts';
import { clip, flow, pad, width } from './width.ts';

const none = { timeout: 0, compile: 0, runtime: 0, correctness: 0, constraints: 0, disturbed: 0 };

describe('where the best flips', () => {
  const flip = (from: number, tile: number) => ({ upTo: from + 1, from, configuration: { tile }, timeUs: 1 });
  const told = (flips: readonly ReturnType<typeof flip>[], tile: number): string =>
    flipSentences({
      figure: { name: 'dmaGBps', today: 60, asked: 25, flips, searchedTo: 25 },
      today: { configuration: { tile: 1 }, timeUs: 1 },
      changed: { configuration: { tile }, timeUs: 1, keptUs: 1 },
    }).join(' ');
  const eight = Array.from({ length: 8 }, (_, place) => flip(50 - 2 * place, place + 2));

  it('goes down where the figure does', () => {
    expect(told([flip(50, 2)], 2)).toBe('The best stays tile=1, down to dmaGBps=51; from 50 down tile=2.');
  });
  it('says that it stops, and ends at the best of the value asked for', () => {
    expect(told(eight, 99)).toMatch(
      / More than 8 changes are not looked for; at dmaGBps=25 the best has tile=99\.$/,
    );
    expect(told(eight, 9)).toMatch(/ More than 8 changes are not looked for\.$/);
    expect(told([flip(50, 2)], 4)).toMatch(/ At dmaGBps=25 the best has tile=4\.$/);
  });
});

describe('numbers', () => {
  it('have three digits at least, and groups of three', () => {
    expect([132479.4, 1234.5, 99.96, 12.94, 9.996, 3.214, 0.0996, 0.00285, 0].map(formatDecimals)).toEqual([
      '132,479',
      '1,235',
      '100',
      '12.9',
      '10.0',
      '3.21',
      '0.10',
      '0.00285',
      '0.00',
    ]);
  });
  it('group any whole number as en-US does', () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 50 }), (n) => formatCount(n) === n.toLocaleString('en-US')));
  });
  it('have an interval if there is one', () => {
    expect(formatFactor(41.26)).toBe('41.3×');
    expect(formatGain({ value: 1.071, low: 1.05, high: 1.09 })).toBe('1.07× [1.05, 1.09]');
    expect(formatGain({ value: 1.7703, low: 1.7664, high: 1.7743 })).toBe('1.77× [1.766, 1.774]');
    expect(formatGain({ value: 1.071, low: null, high: null })).toBe('1.07×');
    expect(formatGain(unknown('not applicable', 'no such step'))).toBe('–');
    expect(formatGain(unknown('gated by the compiler', 'too little work'))).toBe('gated');
    expect(formatGain(unknown('not tried', '0 trials'))).toBe('unknown');
    expect(formatShare({ value: 0.714, low: 0.7, high: 0.73 })).toBe('71 % [70, 73]');
  });
});

describe('text', () => {
  it('counts no columns for escape sequences', () => {
    expect(width(ansi.bold('abc'))).toBe(3);
    expect(width(pad(ansi.green('abc'), 6))).toBe(6);
    expect(width(clip(`ab${ansi.bold('cdef')}gh`, 4))).toBe(4);
    expect(clip(ansi.bold('cdef'), 2)).toBe(ansi.bold('cd'));
  });
  it('wraps within its columns, and keeps every word', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 60 }), (text, columns) => {
        const lines = flow(text, columns, '  ', ' ').split('\n');
        expect(lines.every((line) => width(line) <= columns)).toBe(true);
        expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(text);
      }),
    );
  });
  it('is aligned in columns', () => {
    const cells = [
      ['a', '1'],
      ['bcd', '20'],
    ];
    const table = drawTable({ titles: ['name', 'n'], aligns: ['left', 'right'], cells }, plain);
    expect(table).toBe('name   n\na      1\nbcd   20\n');
  });
});

describe('bars', () => {
  it('end within an eighth of a column', () => {
    expect([0, 0.5, 1, 2.25].map(bar)).toEqual(['', '▌', '█', '██▎']);
  });
});

describe('the ladder', () => {
  const rung = (name: string, timeUs: number, step: number, all: number): LadderRung => ({
    rung: name,
    configuration: {},
    timeUs,
    gainOverPrevious: { value: step, low: step * 0.9, high: step * 1.1 },
    gainOverScalar: { value: all, low: null, high: null },
  });
  const rungs = [
    rung('scalar', 800, 1, 1),
    rung('vec', 100, 8, 8),
    rung('vec+mt', 50, 2, 16),
    rung('vec+mt+db', 50, 1, 16),
  ];

  it('is a staircase: bars are logarithmic, and earlier rungs’ parts are shaded', () => {
    const lines = drawLadder(rungs, 80, plain).split('\n').slice(1, 5);
    const solid = lines.map((line) => line.match(/█/g)?.length ?? 0);
    const shaded = lines.map((line) => line.match(/░/g)?.length ?? 0);
    expect(solid[0] + shaded[0]).toBe(0);
    expect(solid[1] / (solid[1] + solid[2])).toBeCloseTo(3 / 4, 1);
    expect(Math.abs(shaded[2] - solid[1])).toBeLessThanOrEqual(1);
    expect(solid[3]).toBe(0);
    expect(lines[1]).toMatch(/^\+vec .* 100 {2}8\.00× \[7\.20, 8\.80\] +8\.00×$/);
  });

  it.each([40, 60, 80, 120, 200])('fits into %i columns', (columns) => {
    const lines = drawLadder(rungs, columns, ansi).split('\n');
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(columns);
  });
});

describe('progress', () => {
  it('shows best, trials, invalid ones by reason, and time left', () => {
    const view = {
      phase: 'searching' as const,
      rounds: 0,
      settled: 312,
      allowed: 1000,
      bestUs: 2689.4,
      label: 'simulated',
      invalid: { ...none, compile: 4 },
      leftMs: 72_000,
      leftOf: 'visit' as const,
    };
    const line =
      'searching · 312 of 1,000 trials · best 2,689 µs simulated · invalid: 4 compile · 1 min 12 s left';
    expect(describeProgress(view, plain)).toBe(line);
    expect(describeProgress({ ...view, leftOf: 'search' }, plain)).toBe(`${line} of the search`);
  });
  it('leaves out whole parts where it is narrow', () => {
    const phase = 'searching' as const;
    const view = { phase, rounds: 0, settled: 312, allowed: 1000, bestUs: 4221, label: 'simulated' };
    const leftOf = 'visit' as const;
    const whole = { ...view, leftOf, invalid: { ...none, compile: 4 }, leftMs: 72_000 };
    const parts = describeProgress(whole, plain).split(' · ');
    for (let room = 24; room < 100; room++) {
      const line = describeProgress(whole, plain, room);
      expect(width(line)).toBeLessThanOrEqual(room);
      expect(line).toContain('best 4,221 µs simulated');
      for (const part of line.split(' · ')) expect(parts).toContain(part);
    }
    expect(describeProgress(whole, plain, 39)).toBe('searching · best 4,221 µs simulated');
    expect(describeProgress(whole, plain, 22)).toBe('searching');
    expect(describeProgress(whole, plain, 8)).toBe('');
  });
  it('counts the rounds of the final comparison', () => {
    const view = { phase: 'comparing' as const, rounds: 12, settled: 40, allowed: 40, bestUs: 4221 };
    expect(
      describeProgress({ ...view, label: 'measured', invalid: none, leftMs: 3000, leftOf: 'visit' }, plain),
    ).toBe('comparing, round 12 · 40 of 40 trials · best 4,221 µs measured · 3 s left');
    const narrow = { ...view, label: 'measured', invalid: none, leftMs: 3000, leftOf: 'visit' as const };
    expect(describeProgress(narrow, plain, 40)).toBe('comparing · best 4,221 µs measured');
  });
  it('says how long finalists have been compared while there are no rounds', () => {
    const view = { phase: 'comparing' as const, rounds: 0, settled: 40, allowed: 40, bestUs: 4221 };
    const rest = { label: 'simulated', invalid: none, leftMs: undefined, leftOf: 'visit' as const };
    const lineAfter = (comparedMs: number) => describeProgress({ ...view, ...rest, comparedMs }, plain);
    expect(lineAfter(400)).toBe('comparing · 40 of 40 trials · best 4,221 µs simulated');
    expect(lineAfter(3000)).toBe('comparing for 3 s · 40 of 40 trials · best 4,221 µs simulated');
  });
  it('tells how many files are left to compile, before the first trial and for the final comparison', () => {
    const view = { rounds: 0, settled: 0, allowed: 40, bestUs: undefined, label: '', invalid: none };
    const rest = { leftMs: undefined, leftOf: 'visit' as const };
    const lineOf = (phase: 'building' | 'comparing', files: number) =>
      describeProgress({ ...view, ...rest, phase, files }, plain);
    expect(lineOf('building', 1240)).toBe('compiling · 1,240 files · 0 of 40 trials · nothing timed yet');
    expect(lineOf('comparing', 1)).toBe('compiling · 1 file · 0 of 40 trials · nothing timed yet');
    expect(lineOf('comparing', 0)).toBe('comparing · 0 of 40 trials · nothing timed yet');
  });
  it('leaves out unknown figures', () => {
    const view = {
      phase: 'searching' as const,
      rounds: 0,
      settled: 1,
      allowed: undefined,
      bestUs: undefined,
      label: 'simulated',
      invalid: none,
      leftMs: undefined,
      leftOf: 'visit' as const,
    };
    expect(describeProgress(view, plain)).toBe('searching · 1 trial · nothing timed yet');
  });
});
