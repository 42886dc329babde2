import { TEXT_WIDTH } from './figure.ts';

/** Words at a place in a figure: `left` of them, and the line that they stand on. */
export type Words = Readonly<{ left: number; baseline: number; words: string }>;

/** A straight line of a figure. */
export type Stroke = Readonly<{ x1: number; y1: number; x2: number; y2: number }>;

type Box = Readonly<{ left: number; right: number; top: number; bottom: number }>;

/** What words must not stand on, and where they may not reach. */
export type Occupied = Readonly<{
  lines: readonly Stroke[];
  words: readonly Words[];
  left: number;
  right: number;
}>;

/** Of letters above and below the line that they stand on. */
const RISE = 10;
const DROP = 3;

/** Of some places for words the first that is free; where none is, one that touches the least. `places` must not be empty. */
export function freePlace(places: readonly Words[], { lines, words, left, right }: Occupied): Words {
  const faults = (place: Words): number => {
    const box = boxOf(place);
    const outside = box.left < left || box.right > right ? 3 : 0;
    return (
      outside +
      lines.filter((line) => crosses(box, line)).length +
      2 * words.filter((other) => touch(box, boxOf(other))).length
    );
  };
  return places.reduce((best, place) => (faults(place) < faults(best) ? place : best));
}

function boxOf({ left, baseline, words }: Words): Box {
  return { left, right: left + words.length * TEXT_WIDTH, top: baseline - RISE, bottom: baseline + DROP };
}

function touch(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Whether a part of a line lies in a box: what is left of it between the box's edges. */
function crosses({ left, right, top, bottom }: Box, { x1, y1, x2, y2 }: Stroke): boolean {
  let [from, to] = [0, 1];
  for (const [start, change, low, high] of [
    [x1, x2 - x1, left, right],
    [y1, y2 - y1, top, bottom],
  ]) {
    if (change === 0 && (start <= low || start >= high)) return false;
    if (change === 0) continue;
    const [a, b] = [(low - start) / change, (high - start) / change];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return from < to;
}
