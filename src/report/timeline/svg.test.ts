import { expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { timelineSvg } from './svg.ts';

const titled = (title: string, timeUs = 9) =>
  timelineSvg({
    title,
    timeUs,
    shownUs: timeUs,
    tracks: [],
    tiles: unknown('not applicable', 'a log tells nothing of tiles'),
  });

it('gives a long title the whole width, before anything of it is cut', () => {
  const long = 'tile=4096 '.repeat(11).trim();
  expect(titled(long)).toContain(`<text x="16" y="50" font-size="15" font-weight="600">${long}</text>`);
  expect(titled('short')).toMatch(/<text x="232" [^>]*>short</);
  expect(titled('tile=4096 '.repeat(20))).toMatch(/font-size="15"[^>]*>[^<]*…/);
});

it('has the ticks of its axis in one unit, which their size chooses, with digits in groups', () => {
  const ticks = (timeUs: number) =>
    [...titled('t', timeUs).matchAll(/text-anchor="middle">([^<]+)</g)].map(([, words]) => words);
  expect(ticks(9)).toContain('2 µs');
  expect(ticks(10_000)).toContain('10 ms');
  expect(ticks(4_500)).toContain('4 ms');
  expect(ticks(4_500).some((words) => words.endsWith('µs'))).toBe(false);
});
