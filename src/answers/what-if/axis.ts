import type { FieldRange } from '../../targets/npu/machine/fields.ts';

/** A figure that is no whole number is searched until two values differ by less than this part. */
const PRECISION = 0.001;
/** Between today's value and the one asked for, so many values are looked at before any bisection. */
const STEPS = 4;
/** Beyond the value asked for, each further value is so many times as far, up to `BEYOND` of them. */
const FACTOR = 2;
const BEYOND = 3;

/** The values that a figure can have. */
export type Axis = Readonly<{
  /** A value about in the middle; undefined where the two are neighbours, or as near as matters. */
  between(a: number, b: number): number | undefined;
  /** The values to look at first, from today's to the one asked for. */
  path: readonly number[];
  /** Values farther in the same direction. */
  beyond: readonly number[];
}>;

export function axisOf(limits: FieldRange, today: number, asked: number): Axis {
  const between = betweenOf(limits);
  const inner = Array.from({ length: STEPS - 1 }, (_, i) => i + 1).map((step) =>
    part(limits, today, asked, step / STEPS),
  );
  const isOrdered = (value: number): boolean => (value - today) * (asked - value) > 0;
  const path = [...new Set([today, ...inner.filter(isOrdered), asked])];
  return { between, path, beyond: beyondOf(limits, today, asked) };
}

function betweenOf(limits: FieldRange): Axis['between'] {
  return (a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const words = numbersOf(limits).filter((value) => value > low && value < high);
    if (limits.enum !== undefined) return words[Math.floor(words.length / 2)];
    const middle = part(limits, low, high, 0.5);
    if (middle <= low || middle >= high) return undefined;
    return isWhole(limits) || high - low > PRECISION * high ? middle : undefined;
  };
}

/** The value at a part of the way, by factors where both ends are above 0. */
function part(limits: FieldRange, from: number, to: number, share: number): number {
  const value = from > 0 && to > 0 ? from * (to / from) ** share : from + share * (to - from);
  if (limits.enum !== undefined) return nearestOf(numbersOf(limits), value);
  return isWhole(limits) ? Math.round(value) : value;
}

function beyondOf(limits: FieldRange, today: number, asked: number): readonly number[] {
  if (asked === today || asked === 0) return [];
  const { maximum, minimum = 0, exclusiveMinimum } = numberForm(limits);
  const least = exclusiveMinimum === undefined ? minimum : isWhole(limits) ? 1 : 0;
  const values = Array.from({ length: BEYOND }, (_, i) => asked * FACTOR ** (asked > today ? i + 1 : -i - 1));
  const possible = values
    .filter((value) => value > 0 && value >= least && value <= (maximum ?? Number.POSITIVE_INFINITY))
    .map((value) => part(limits, value, value, 0));
  const isFarther = (value: number): boolean => (value - asked) * (asked - today) > 0;
  return [...new Set(possible)].filter(isFarther);
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

function nearestOf(values: readonly number[], wanted: number): number {
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));
}
