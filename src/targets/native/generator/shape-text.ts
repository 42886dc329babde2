import type { ShapeNumber } from '../../../lowering/general/shape-number.ts';

/** The denominators that factors may have. */
const MOST_UNDER = 2 ** 10;

/** A whole number of the extents `e` in C, as a `long`. */
export function wholeText(number: ShapeNumber): string {
  const { over, under } = fractionOf(number);
  const product = [...extentsOf(number.powers), ...(over === 1 ? [] : [String(over)])].join(' * ') || '1';
  return under === 1 ? `(${product})` : `(${product} / ${under})`;
}

/** In C, that a number is whole; undefined where it always is. */
export function isWholeText(number: ShapeNumber): string | undefined {
  const { over, under } = fractionOf(number);
  if (under === 1) return undefined;
  return `${wholeText({ ...number, factor: over })} % ${under} == 0`;
}

/** A number of the extents `e` in C, as a double: with the bits of `shapeValue`. */
export function realText({ factor, powers }: ShapeNumber): string {
  const digits = /[.e]/.test(String(factor)) ? String(factor) : `${factor}.0`;
  const over = [digits, ...realExtentsOf(powers)].join(' * ');
  const under = realExtentsOf(powers.map((power) => -power)).join(' * ');
  return under === '' ? `(${over})` : `(${over} / (${under}))`;
}

function fractionOf({ factor }: ShapeNumber): Readonly<{ over: number; under: number }> {
  let under = 1;
  while (under < MOST_UNDER && !Number.isInteger(factor * under)) under *= 2;
  return { over: factor * under, under };
}

function extentsOf(powers: readonly number[]): readonly string[] {
  return powers.flatMap((power, place) =>
    Array.from({ length: Math.max(0, Math.floor(power)) }, () => `e[${place}]`),
  );
}

function realExtentsOf(powers: readonly number[]): readonly string[] {
  return powers.flatMap((power, place) => [
    ...extentsOf([power]).map(() => `(double)e[${place}]`),
    ...(power > 0 && power % 1 !== 0 ? [`__builtin_sqrt((double)e[${place}])`] : []),
  ]);
}
