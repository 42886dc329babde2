import { integerBelow, type Random, randomFor } from '../../../search-space/random.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { changesBetween } from '../../../tuner/strategies/peaks.ts';
import type { Landscape } from '../landscape.ts';
import { categoricalSpace, countable, kernelSpace, listsOf, POWERS, spaceOf } from './spaces.ts';
import { structureAt, type Term } from './terms.ts';

export const OPTIMUM_US = 100;

type Made = Readonly<{ space: SearchSpace; loss: Term; fails?: (digits: Int32Array) => boolean }>;
type Family = (random: Random) => Made;

/**
 * Families of landscapes drawn by seed, each hard in one way. All have a planted optimum, so that it is
 * known however large the space is.
 */
const FAMILIES: Readonly<Record<string, Family>> = {
  needles: (random) => withNeedles(random, 0),
  funnels: (random) => withNeedles(random, 3),
  wide: (random) => {
    const values = listsOf(random, 20 + integerBelow(random, 21), () =>
      POWERS.slice(0, 2 + integerBelow(random, 2)),
    );
    return structured(spaceOf(countable(values), []), random);
  },
  long: (random) => {
    const long = Array.from({ length: 64 + integerBelow(random, 193) }, (_, i) => i + 1);
    const values = listsOf(random, 5, (place) => (place < 2 ? long : POWERS.slice(0, 4)));
    return structured(spaceOf(values, ['p0 * p2 <= 512']), random);
  },
  failing: (random) => {
    const made = structured(kernelSpace(random), random);
    return { ...made, fails: mostlyFailing(made, random) };
  },
  plateaus: (random) => {
    const { space, loss } = structured(kernelSpace(random), random);
    return { space, loss: (digits) => Math.ceil(loss(digits) / 0.15) * 0.15 };
  },
  categorical: (random) => structured(categoricalSpace(random), random),
};

export const madeUpFamilies: readonly string[] = Object.freeze(Object.keys(FAMILIES));

/** The landscape of a family with this number; the same seed draws the same. */
export function madeUp(family: string, seed: number, draw: number): Landscape {
  const { space, loss, fails } = FAMILIES[family](randomFor('landscape', family, seed, draw));
  return {
    name: `${family} ${draw + 1}`,
    family,
    space,
    optimumUs: OPTIMUM_US,
    timeUs: (index) => {
      const digits = space.digitsAt(index);
      return fails?.(digits) === true ? Number.NaN : OPTIMUM_US * Math.exp(loss(digits));
    },
  };
}

function structured(space: SearchSpace, random: Random): Made {
  return { space, loss: structureAt(space, space.digitsAt(space.sample(random)), random) };
}

/**
 * Two members within 5 % of the optimum, anywhere; all that the structure leads to is 18 % slower. With a
 * reach, the way to them gets faster within so many changes.
 */
function withNeedles(random: Random, reach: number): Made {
  const { space, loss } = structured(kernelSpace(random), random);
  const needles = [0, 0.05].map((depth) => ({ depth, digits: space.digitsAt(space.sample(random)) }));
  return {
    space,
    loss: (digits) => {
      const ordinary = 0.18 + loss(digits);
      const near = needles.map(({ depth, digits: needle }) => {
        const changes = changesBetween(digits, needle);
        if (changes === 0) return depth;
        return changes <= reach ? Math.max(0.12, (ordinary * changes) / (reach + 1)) : ordinary;
      });
      return Math.min(ordinary, ...near);
    },
  };
}

/** About one member in twenty runs: those on the optimum's side of limits that its neighbourhood meets. */
function mostlyFailing({ space, loss }: Made, random: Random): (digits: Int32Array) => boolean {
  const drawn = Array.from({ length: 400 }, () => space.digitsAt(space.sample(random)));
  const scatter = (digits: Int32Array): number => randomFor('fails', digits.join())();
  const strain = (digits: Int32Array): number =>
    loss(digits) === 0 ? 0 : loss(digits) + 2 * scatter(digits);
  const limit = drawn.map(strain).sort((a, b) => a - b)[Math.floor(drawn.length / 20)];
  return (digits) => strain(digits) > limit;
}
