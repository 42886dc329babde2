import { element } from '../../languages/markup.ts';
import { TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';

/** A kernel with a smaller share of a bar has no number there. */
export const LEAST_NUMBERED = 0.01;

/** Of a digit, and of a name's letters: wide ones, so that labels never touch. */
const DIGIT = TEXT_WIDTH;
const LETTER = 7.4;
/** Between two labels of a row; of two rows, a line to the upper one goes through. */
const SPACE = 4;
const NAMES = 15;
const FAN = 16;
const ROW = 13;

/** A kernel's place in a bar, its number, and its name. */
type Labelled = Readonly<{ number: number; name: string; x: number; wide: number }>;

/** Labels, and what they need above their bar. */
type BarLabels = Readonly<{ height: number; drawAt(y: number): string }>;

/**
 * The labels above a bar: a name that is narrower than its kernel stands on it; other kernels have their number, with a
 * line to it where they stand close together. Kernels are given from the left to the right of a drawing so wide.
 */
export function barLabels(kernels: readonly Labelled[], width: number): BarLabels {
  const titleOf = ({ number, name }: Labelled): string => `${number} ${name}`;
  const isNamed = (each: Labelled): boolean => titleOf(each).length * LETTER < each.wide;
  const named = kernels.filter(isNamed);
  const numbered = kernels.filter((each) => !isNamed(each));
  const wide = Math.max(1, ...numbered.map(({ number }) => String(number).length)) * DIGIT;
  const isOneRow = numbered.length * (wide + SPACE) <= width;
  const pitch = isOneRow ? wide + SPACE : (wide + 2 * SPACE) / 2;
  const centres = numbered.map((each) => each.x + each.wide / 2);
  const places = spread(centres, pitch, wide / 2, width - wide / 2);
  const above = named.length === 0 ? 0 : NAMES;
  const rows = numbered.length === 0 ? 0 : isOneRow ? 1 : 2;
  return {
    height: above + (rows === 0 ? 0 : FAN + rows * ROW) + 2,
    drawAt: (y) =>
      [
        ...named.map((each) => label(each.x + 2, y - 4, titleOf(each), { kind: 'tick' })),
        ...numbered.map(({ number }, place) => {
          const [from, at] = [centres[place], places[place]];
          const foot = y - above - FAN;
          const base = isOneRow || place % 2 === 0 ? foot : foot - ROW;
          const line = [
            [from, y - 1],
            [from, y - above - 2],
            [at, foot + 1],
            [at, base + 1],
          ];
          const points = line.map((point) => point.map((pixels) => pixels.toFixed(1)).join()).join(' ');
          return (
            element('polyline', { points, class: 'leader' }) +
            label(at, base - 2, String(number), { anchor: 'middle', kind: 'tick' })
          );
        }),
      ].join(''),
  };
}

/** How many kernels can have a number each in a drawing so wide. */
export function mostLabels(width: number): number {
  return Math.floor(width / ((2 * DIGIT + 2 * SPACE) / 2)) - 1;
}

/** Places at least `pitch` apart, in the same order, between two ends, and near to where they are wanted. */
function spread(wanted: readonly number[], pitch: number, from: number, to: number): readonly number[] {
  const places: number[] = [];
  for (const at of wanted) {
    const before = places.at(-1);
    places.push(Math.max(at, before === undefined ? from : before + pitch));
  }
  let next = to + pitch;
  for (let place = places.length - 1; place >= 0; place--) {
    next = Math.min(places[place], next - pitch);
    places[place] = next;
  }
  return places;
}
