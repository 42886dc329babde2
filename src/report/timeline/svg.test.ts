import { expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { timelineSvg } from './svg.ts';

const titled = (title: string) =>
  timelineSvg({
    title,
    timeUs: 9,
    shownUs: 9,
    tracks: [],
    tiles: unknown('not applicable', 'a log tells nothing of tiles'),
  });

it('gives a long title the whole width, before anything of it is cut', () => {
  const long = 'tile=4096 '.repeat(11).trim();
  expect(titled(long)).toContain(`<text x="16" y="50" font-size="15" font-weight="600">${long}</text>`);
  expect(titled('short')).toMatch(/<text x="232" [^>]*>short</);
  expect(titled('tile=4096 '.repeat(20))).toMatch(/font-size="15"[^>]*>[^<]*…/);
});
