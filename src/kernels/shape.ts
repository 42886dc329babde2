import { InputError } from '../../search-space/input-error.ts';
import { byCodeUnits } from '../text/by-code-units.ts';

const EXTENT = /^(?:(\d+)\^)?(\d+)$/;

/**
 * The extents in '1048576', '2^20', '64x16384' or '2^6x2^14', outermost first.
 * Throws InputError unless each is a whole number from 1 and their product is exact.
 */
export function parseShape(text: string): readonly number[] {
  const shape = text.split('x').map((word) => parseExtent(word.trim(), text));
  if (!Number.isSafeInteger(elementCount(shape))) throw tooLarge(text);
  return Object.freeze(shape);
}

/** '64x16384': what parseShape reads; '-' where there is none. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? '-' : shape.join('x');
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Orders formatted shapes: by number of elements, then by their text. */
export function compareShapes(a: string, b: string): number {
  const elements = (text: string): number => elementCount(text.split('x').map(Number));
  return elements(a) - elements(b) || byCodeUnits(a, b);
}

function parseExtent(word: string, text: string): number {
  const [, base, digits] = EXTENT.exec(word) ?? [];
  const extent = base === undefined ? Number(digits) : Number(base) ** Number(digits);
  if (extent > Number.MAX_SAFE_INTEGER) throw tooLarge(text);
  if (!Number.isSafeInteger(extent) || extent < 1) {
    throw new InputError(
      'shape',
      `expected whole numbers from 1 joined by 'x', got '${text}'`,
      'for example 1048576, 2^20 or 64x16384',
    );
  }
  return extent;
}

function tooLarge(text: string): InputError {
  return new InputError('shape', `'${text}' is too large`, 'a shape has fewer than 2^53 elements');
}
