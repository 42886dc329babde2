import { InputError } from '../../../search-space/input-error.ts';
import { elementCount, formatShape, parseShape } from '../../kernels/shape.ts';

type Shape = readonly number[];

/**
 * Parses '2^10..2^24', 'a,b,c' or '64x1024..16384x1024' into shapes, smallest first. A range doubles one
 * extent and includes its end. Throws InputError, naming the field, for a range whose ends differ in more than
 * one extent.
 */
export function parseSizes(text: string, field = '--sizes'): readonly Shape[] {
  const shapes = text.split(',').flatMap((part) => {
    const [from, to, ...rest] = part.split('..');
    if (rest.length > 0) throw new InputError(field, `'${part}' has more than two ends`);
    return to === undefined ? [parseShape(from)] : range(parseShape(from), parseShape(to), part, field);
  });
  const unique = new Map(shapes.map((shape) => [formatShape(shape), shape]));
  return [...unique.values()].sort((a, b) => elementCount(a) - elementCount(b));
}

function range(from: Shape, to: Shape, text: string, field: string): readonly Shape[] {
  const varying = from.flatMap((extent, place) => (extent === to[place] ? [] : [place]));
  if (from.length !== to.length || varying.length > 1) {
    throw new InputError(
      field,
      `the ends of '${text}' differ in more than one extent`,
      'vary one: 64x1024..16384x1024',
    );
  }
  const [place] = varying;
  if (place === undefined) return [from];
  if (from[place] > to[place]) {
    const [larger, smaller] = text.split('..');
    throw new InputError(field, `'${text}' begins with the larger end`, `write ${smaller}..${larger}`);
  }
  const extents: number[] = [];
  for (let extent = from[place]; extent < to[place]; extent *= 2) extents.push(extent);
  return [...extents, to[place]].map((extent) => from.with(place, extent));
}
