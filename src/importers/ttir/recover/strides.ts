import type { Index } from '../symbols/index-expression.ts';
import { allIndices } from './domain.ts';
import type { Recovered } from './emit.ts';

/** A number that no program contains, to find a stride argument again in an index. */
export function strideMark(position: number): number {
  return 2 ** 31 + 2 ** 24 * position + 1;
}

/**
 * The strides of contiguous arrays. `recovered` was made with marks in their place; each stride
 * becomes the size of what lies inside it, the last argument innermost.
 */
export function contiguousStrides(
  { domain, dimensions }: Recovered,
  strides: readonly string[],
): Map<string, number> {
  const extents = new Map(dimensions.map(({ variable, extent }) => [variable, extent]));
  const found = new Map<string, number>();
  for (const index of allIndices(domain)) {
    let inside = plainSize(index, extents);
    for (const [position, name] of [...strides.entries()].reverse()) {
      const variable = [...index.terms].find(([, { factor }]) => factor === strideMark(position))?.[0];
      if (variable === undefined) continue;
      if (!found.has(name)) found.set(name, inside);
      inside *= extents.get(variable) ?? 1;
    }
  }
  return found;
}

/** The elements spanned by the dimensions whose strides are known. */
function plainSize(index: Index, extents: ReadonlyMap<string, number>): number {
  let size = 1;
  for (const [name, { factor }] of index.terms) {
    if (factor < strideMark(0)) size = Math.max(size, factor * (extents.get(name) ?? 1));
  }
  return size;
}
