import { integerBelow, permutation, randomFor } from '../../../search-space/random.ts';
import { tableSpace } from '../../../search-space/table-space.ts';
import type { ReplayTable } from '../../../src/targets/replay/table.ts';
import { type Landscape, landscapeOf } from '../landscape.ts';

/** The members of a table that a derived landscape keeps, by index. */
type Selection = (table: ReplayTable, random: () => number) => (index: number) => boolean;

/** Share of the values of each parameter that `quartered` leaves out. */
const LEFT_OUT = 1 / 4;
/** Of the members within this share of the best, `isolated` keeps … */
const NEAR = 0.9;
const KEPT = 2;

/** Families made of measured tables: the structure is real, the optimum is another one. */
const FAMILIES: Readonly<Record<string, Selection>> = {
  quartered: ({ space }, random) => {
    const gone = space.parameters.map(({ values }) => {
      const count = values.length < 3 ? 0 : Math.round(values.length * LEFT_OUT);
      return new Set(permutation(random, values.length).slice(0, count));
    });
    return (index) => space.digitsAt(index).every((digit, place) => !gone[place].has(digit));
  },
  isolated: ({ timesUs, optimumUs }, random) => {
    const near = [...timesUs.keys()].filter((index) => optimumUs / timesUs[index] > NEAR);
    const kept = new Set(Array.from({ length: KEPT }, () => near[integerBelow(random, near.length)]));
    const left = near.filter((index) => !kept.has(index));
    const gone = new Set(left);
    return (index) => !gone.has(index);
  },
};

export const derivedFamilies: readonly string[] = Object.freeze(Object.keys(FAMILIES));

/** A landscape of a derived family. A table that would lose all its times is taken whole. */
export function derived(family: string, table: ReplayTable, seed: number, draw: number): Landscape {
  const { space, timesUs, trialMs } = table;
  const keeps = FAMILIES[family](table, randomFor('derived', family, table.name, seed, draw));
  const kept = [...timesUs.keys()].filter(keeps);
  const optimumUs = kept.reduce(
    (least, index) => (timesUs[index] < least ? timesUs[index] : least),
    Number.POSITIVE_INFINITY,
  );
  if (optimumUs === Number.POSITIVE_INFINITY) return landscapeOf(table);
  const { parameters } = space;
  const smaller = tableSpace(
    parameters,
    kept.map((index) => Array.from(space.digitsAt(index), (digit, place) => parameters[place].values[digit])),
  );
  const indexOf = (index: number): number => space.indexOfDigits(smaller.digitsAt(index));
  return {
    name: `${table.name} ${family} ${draw + 1}`,
    family: `${family} ${table.kernel}`,
    space: smaller,
    optimumUs,
    timeUs: (index) => timesUs[indexOf(index)],
    ...(trialMs && { trialMs: (index) => trialMs[indexOf(index)] }),
  };
}
