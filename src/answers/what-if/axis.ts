import type { FieldRange } from '../../targets/npu/machine/fields.ts';

/** From today's value on, each value that is looked at before any bisection is so many times as far. */
const FACTOR = 2;
/** So many of them past the value asked for. */
const BEYOND = 3;
/** So many values of a figure that is no whole number are told apart between a power of ten and the next: four digits. */
const DECADE = 9000;
/** The least value above 0 that is looked at. */
const LEAST = 1e-6;

/** The values that a figure can have. */
export type Axis = Readonly<{
  /** A value about in the middle; undefined where the two are neighbours. */
  between(a: number, b: number): number | undefined;
  /**
   * The values to look at first, from today's until the one asked for is passed: the same ones for each value asked for, so
   * that the values found between them are the same, too.
   */
  path: readonly number[];
  /** Values farther in the same direction. */
  beyond: readonly number[];
}>;

export function axisOf(limits: FieldRange, today: number, asked: number): Axis {
  const between = betweenOf(limits);
  if (limits.enum !== undefined) return { between, path: wordsOf(limits, today, asked), beyond: [] };
  const isCovered = (value: number): boolean => (value - asked) * (asked - today) >= 0;
  const way = wayOf(limits, today, asked);
  const end = way.findIndex(isCovered);
  return end < 0
    ? { between, path: [today, ...way, asked], beyond: [] }
    : { between, path: [today, ...way.slice(0, end + 1)], beyond: way.slice(end + 1) };
}

function wordsOf(limits: FieldRange, today: number, asked: number): readonly number[] {
  const isOnWay = (value: number): boolean => (value - today) * (asked - value) > 0;
  return [today, ...numbersOf(limits).filter(isOnWay), asked].sort((a, b) => (a - b) * (asked - today));
}

/** From today's value on, by factors, as far as the figure goes. */
function wayOf(limits: FieldRange, today: number, asked: number): readonly number[] {
  const { maximum = Number.POSITIVE_INFINITY, minimum = 0, exclusiveMinimum } = numberForm(limits);
  const isPossible = (value: number): boolean =>
    value > 0 && value >= minimum && value > (exclusiveMinimum ?? -1) && value <= maximum;
  const factor = asked > today ? FACTOR : 1 / FACTOR;
  // Nothing is a factor from 0 to the value asked for.
  let value = today > 0 ? today : asked / factor;
  const way: number[] = [];
  for (let left = BEYOND; left >= 0; ) {
    value *= factor;
    const next = isWhole(limits) ? Math.round(value) : Number(value.toPrecision(4));
    if (!isPossible(next) || next === (way.at(-1) ?? today)) break;
    way.push(next);
    if ((next - asked) * (asked - today) >= 0 || next < LEAST) left--;
  }
  return way;
}

function betweenOf(limits: FieldRange): Axis['between'] {
  return (a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const words = numbersOf(limits).filter((value) => value > low && value < high);
    if (limits.enum !== undefined) return words[Math.floor(words.length / 2)];
    const middles = isWhole(limits) ? [Math.round((low + high) / 2)] : middlesOf(low, high);
    return middles.find((value) => value > low && value < high);
  };
}

/** The values of four digits that are nearest to the middle, by factors. */
function middlesOf(low: number, high: number): readonly number[] {
  if (low <= 0) return high > LEAST ? [Number((high / 2).toPrecision(4))] : [];
  const middle = (placeOf(low) + placeOf(high)) / 2;
  return [Math.floor(middle), Math.ceil(middle)].map(valueAt);
}

/** How many values of four digits lie between 1 and a value. */
function placeOf(value: number): number {
  const decade = Math.floor(Math.log10(value));
  return DECADE * decade + value / 10 ** (decade - 3) - 1000;
}

function valueAt(place: number): number {
  const decade = Math.floor(place / DECADE);
  return Number(`${1000 + place - DECADE * decade}e${decade - 3}`);
}

/** A whole number within its bounds, or any number. */
function numberForm(limits: FieldRange): FieldRange {
  return limits.anyOf?.find(({ maximum }) => maximum !== undefined) ?? limits;
}

function isWhole(limits: FieldRange): boolean {
  return numberForm(limits).type === 'integer';
}

function numbersOf({ enum: words = [] }: FieldRange): readonly number[] {
  return words.filter((word) => typeof word === 'number');
}
