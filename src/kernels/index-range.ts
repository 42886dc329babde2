import type { IndexMap } from './ir.ts';
import { required } from './lookup.ts';

/** The least and the greatest flat index of a map when each dimension runs over its whole extent. */
export function indexRange(
  { offset, strides }: IndexMap,
  extents: ReadonlyMap<string, number>,
): Readonly<{ least: number; greatest: number }> {
  let [least, greatest] = [offset, offset];
  for (const [name, stride] of Object.entries(strides)) {
    const reach = stride * (required(extents, name) - 1);
    if (reach < 0) least += reach;
    else greatest += reach;
  }
  return { least, greatest };
}
