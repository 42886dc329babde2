import type { Constraint } from './constraint.ts';
import type { Parameter } from './parameter.ts';

/** The hash of a space that constraints define. It does not depend on sentences and descriptions. */
export function spaceHash(parameters: readonly Parameter[], constraints: readonly Constraint[]): string {
  return dataHash({
    parameters: hashed(parameters),
    constraints: constraints.map(({ expression }) => expression),
  });
}

/** The fields of parameters on which a space's hash depends. */
export function hashed(parameters: readonly Parameter[]): unknown {
  return parameters.map(({ name, kind, tag, values, off }) => [name, kind, tag, values, off ?? null]);
}

/** 16 hexadecimal digits: two 32-bit FNV-1a lanes over the data's JSON, each finished as in murmur3. */
export function dataHash(data: unknown): string {
  const text = JSON.stringify(sorted(data));
  return lane(text, 0x811c9dc5) + lane(text, 0x2c1b3c6d);
}

/** The same data with keys in alphabetical order. */
function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}

function lane(text: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
