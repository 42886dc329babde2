import { listOr } from './json-shape.ts';

/** The extents that a file says: one number or several, also as texts; undefined where they are not such. */
export function problemSize(said: unknown): readonly number[] | undefined {
  if (said === undefined || said === null) return [];
  const sizes = Array.isArray(said) ? listOr(said) : [said];
  const extents = sizes.map((size) =>
    typeof size === 'number' ? size : Number.parseFloat(digitsOnly(size)),
  );
  return extents.every((extent) => Number.isSafeInteger(extent) && extent > 0) ? extents : undefined;
}

function digitsOnly(size: unknown): string {
  return typeof size === 'string' && /^\s*\d+\s*$/.test(size) ? size : '';
}

/** What is to be said where a file's problem size is not taken. */
export function problemSizeNotes(said: unknown, given: readonly number[] | undefined): readonly string[] {
  if (given !== undefined || problemSize(said) !== undefined) return [];
  return [
    `its problem size ${JSON.stringify(said)} is no list of whole numbers: the shape stays open, --shape says it`,
  ];
}
