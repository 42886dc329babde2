import { defineSpace } from '../../../search-space/define-space.ts';
import type { Value } from '../../../search-space/parameter.ts';
import { integerBelow, type Random } from '../../../search-space/random.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { readSpaceFile } from '../../../search-space/space-file.ts';

export const POWERS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const NAMES = ['naive', 'tiled', 'staged', 'split', 'fused', 'packed', 'blocked', 'swizzled'];

export function listsOf(
  random: Random,
  count: number,
  list: (place: number, random: Random) => readonly Value[],
): readonly (readonly Value[])[] {
  return Array.from({ length: count }, (_, place) => list(place, random));
}

/** As many of the first as a space of them can be numbered. */
export function countable(values: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  let size = 1;
  return values.filter(({ length }) => {
    const fits = size * length <= Number.MAX_SAFE_INTEGER;
    if (fits) size *= length;
    return fits;
  });
}

export function spaceOf(values: readonly (readonly Value[])[], constraints: readonly string[]): SearchSpace {
  const parameters = values.map((listed, place) => ({ name: `p${place}`, values: listed }));
  const file = readSpaceFile({ parameters, constraints });
  return defineSpace(file.parameters, file.constraints);
}

/** Some thousand configurations of block sizes, tiles and switches, with the usual limits. */
export function kernelSpace(random: Random): SearchSpace {
  const size = (): readonly number[] => POWERS.slice(0, 5 + integerBelow(random, 4));
  const tile = (): readonly number[] => [1, 2, 3, 4, 5, 6, 7, 8].slice(0, 4 + integerBelow(random, 5));
  const values = [size(), size(), tile(), tile(), [0, 1], [0, 1], [1, 2, 4]];
  return spaceOf(values, ['p0 * p1 >= 16', 'p0 * p1 <= 512', 'p2 * p3 <= 24', 'p6 <= p2']);
}

/** Seven choices among names. */
export function categoricalSpace(random: Random): SearchSpace {
  const values = listsOf(random, 7, () => NAMES.slice(0, 2 + integerBelow(random, 5)));
  return spaceOf(values, []);
}
