import { expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { timelineSvg } from './svg.ts';

const titled = (title: string, timeUs = 9, shownUs = timeUs) =>
  timelineSvg({
    title,
    timeUs,
    shownUs,
    tracks: [],
    tiles: unknown('not applicable', 'a log tells nothing of tiles'),
  });

it('gives a long title the whole width, before anything of it is cut', () => {
  const long = 'tile=4096 '.repeat(11).trim();
  expect(titled(long)).toContain(
    `<text x="16" y="50" font-size="15" font-weight="600">${long}: 9.00 µs</text>`,
  );
  expect(titled('short')).toMatch(/<text x="232" [^>]*>short: 9\.00 µs</);
  expect(titled('tile=4096 '.repeat(20))).toMatch(/font-size="15"[^>]*>[^<]*…/);
});

it('has its title and the ticks of its axes in one unit, which the least of them chooses, with digits in groups', () => {
  const ticks = (timeUs: number) =>
    [...titled('t', timeUs).matchAll(/text-anchor="middle">([^<]+)</g)].map(([, words]) => words);
  expect(ticks(9)).toContain('2 µs');
  expect(ticks(10_000)).toContain('10 ms');
  expect(ticks(4_500)).toContain('4,000 µs');
  expect(titled('short', 4_500)).toContain('>short: 4,500 µs<');
  expect(titled('short', 25_836)).toContain('>short: 25.8 ms<');
  const cut = titled('short', 25_836, 600);
  expect(cut).toContain('>short: 25,836 µs<');
  expect(cut).not.toContain(' ms<');
});
