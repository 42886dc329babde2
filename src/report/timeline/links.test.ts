import { expect, it } from 'vitest';
import type { Timeline } from '../../answers/timeline.ts';
import { linksOf } from './links.ts';

/** A call whose tiles are computed one after the other, of which the first are shown. */
function call(whole: number, tileUs: number, shown = whole): Timeline {
  const spans = Array.from({ length: shown }, (_, tile) => ({
    ...{ what: 'compute' as const, start: 1 + tile * tileUs, end: 1 + (tile + 1) * tileUs, tile },
  }));
  const parts = { busyParts: new Float64Array(1), computingParts: new Float64Array(1) };
  const track = { name: 'context 0', kind: 'context' as const, busy: 1, ...parts };
  const timeUs = 1 + whole * tileUs;
  const waiting = { what: 'wait' as const, start: 0, end: 1, tile: 0 };
  const tracks = [{ ...track, spans: [waiting, ...spans] }];
  return { title: 'gelu', timeUs, shownUs: 1 + shown * tileUs, tracks, tiles: { whole, shown } };
}

it('ties each tile to those of the other call that do the same part of the work', () => {
  const [two, four] = [call(2, 10), call(4, 3)];
  expect(linksOf(two, four)).toEqual([
    { above: [1, 11], below: [1, 7] },
    { above: [11, 21], below: [7, 13] },
  ]);
  expect(linksOf(four, two)).toEqual([
    { above: [1, 7], below: [1, 11] },
    { above: [7, 13], below: [11, 21] },
  ]);
});

it('ties none whose part the other call computes only later than is shown', () => {
  expect(linksOf(call(2, 10), call(4, 3, 3))).toEqual([{ above: [1, 11], below: [1, 7] }]);
  expect(linksOf(call(2, 10), call(4, 3, 1))).toEqual([]);
});
