/**
 * A number of a kernel as a function of the kernel's shape: `factor` times each extent to its power. Powers are
 * multiples of ½, factors of 2⁻¹⁰: n, 128 · n, rows · columns, d / 2, 1 / columns, 1 / √d.
 */
export type ShapeNumber = Readonly<{ factor: number; powers: readonly number[] }>;

/** A number at a shape. */
type Sample = Readonly<{ shape: readonly number[]; value: number }>;

const FACTOR_UNIT = 2 ** -10;

/**
 * The function that gives every sample's value exactly; undefined where none of this kind does. The sample that comes
 * n-th after the first differs from it in the n-th extent only; any further ones are there to refute.
 */
export function fitShapeNumber(samples: readonly Sample[]): ShapeNumber | undefined {
  const [first, ...others] = samples;
  const powers = first.shape.map((extent, place) => {
    const { shape, value } = others[place];
    if (value === first.value) return 0;
    return Math.round((2 * Math.log(value / first.value)) / Math.log(shape[place] / extent)) / 2;
  });
  const scale = shapeValue({ factor: 1, powers }, first.shape);
  const factor = Math.round(first.value / scale / FACTOR_UNIT) * FACTOR_UNIT;
  const fitted = { factor, powers };
  return samples.every(({ shape, value }) => shapeValue(fitted, shape) === value) ? fitted : undefined;
}

/** The number at a shape: one division at the end, as in the texts that others make of it. */
export function shapeValue({ factor, powers }: ShapeNumber, shape: readonly number[]): number {
  const over = product(shape, powers);
  const under = product(
    shape,
    powers.map((power) => -power),
  );
  return (factor * over) / under;
}

/** The product of the extents with positive powers. */
function product(shape: readonly number[], powers: readonly number[]): number {
  return shape.reduce((all, extent, place) => {
    const power = Math.max(0, powers[place]);
    const half = power % 1 === 0 ? 1 : Math.sqrt(extent);
    return all * extent ** Math.floor(power) * half;
  }, 1);
}
