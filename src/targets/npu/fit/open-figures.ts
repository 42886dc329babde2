import { originsOf } from '../machine/origins.ts';
import { countsSomething, figureWithin, shareOf } from '../machine/parameter-sets.ts';
import type { SimulatedTarget } from '../machine/schema.ts';

/** A figure that a target's file does not know exactly. */
export type OpenFigure = Readonly<{
  path: string;
  value: number;
  range: readonly [low: number, high: number];
}>;

/** The figures of a target whose ranges its file states, in the file's order. */
export function openFigures(target: SimulatedTarget): readonly OpenFigure[] {
  return [...originsOf(target)].flatMap(([path, { value, range }]) =>
    typeof value === 'number' && range !== undefined && range[0] < range[1] ? [{ path, value, range }] : [],
  );
}

/** A place within all ranges: for each figure the share of its range, from 0 to 1. */
export type FigurePlace = readonly number[];

/** Where the file's own values are. */
export function ownPlace(figures: readonly OpenFigure[]): FigurePlace {
  return figures.map(({ range, value }) => shareOf(range, value));
}

/** Digits of a value: a latency that is above a whole number of cycles by what no computer tells takes one more. */
const DIGITS = 8;

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** The figures' values at a place. One that counts something is whole. */
export function valuesAt(figures: readonly OpenFigure[], place: FigurePlace): Record<string, number> {
  const values = figures.map(({ path, range }, i): [string, number] => {
    const share = Math.min(1, Math.max(0, place[i]));
    return [path, rounded(figureWithin(path, range, share))];
  });
  return Object.fromEntries(values);
}

/** The share of its range by which a figure that counts something moves at least; undefined for others. */
export function wholeStep({ path, range: [low, high] }: OpenFigure): number | undefined {
  if (!countsSomething(path)) return undefined;
  return low > 0 ? Math.log((low + 1) / low) / Math.log(high / low) : 1 / (high - low);
}

/** Latencies of one unit, and the factor on them: a loop's time shows sums of them, which many values make alike. */
const LATENCIES = [/^ops\.vector(\.|LatencyScale$)/, /^ops\.scalar\./];

/** The other open figures of which only a sum or product with this one can show. */
export function inseparable(figures: readonly OpenFigure[], { path }: OpenFigure): readonly OpenFigure[] {
  const unit = LATENCIES.find((form) => form.test(path));
  return unit === undefined ? [] : figures.filter((other) => other.path !== path && unit.test(other.path));
}
