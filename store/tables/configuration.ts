import { hash } from 'node:crypto';
import type { Configuration, Value } from '../../search-space/parameter.ts';

/** The configuration with its keys in the order of its study's parameters. Throws RangeError if a key is missing or extra. */
export function inOrder(names: readonly string[], configuration: Configuration): Configuration {
  if (isInOrder(names, Object.keys(configuration))) return configuration;
  const ordered: Record<string, Value> = {};
  for (const name of names) {
    if (!Object.hasOwn(configuration, name)) throw new RangeError(`configuration has no '${name}'`);
    ordered[name] = configuration[name];
  }
  const extra = Object.keys(configuration).find((name) => !Object.hasOwn(ordered, name));
  if (extra !== undefined) throw new RangeError(`configuration has '${extra}', which is not a parameter`);
  return ordered;
}

function isInOrder(names: readonly string[], keys: readonly string[]): boolean {
  return keys.length === names.length && keys.every((key, place) => key === names[place]);
}

/** 128 bits of SHA-256: short enough for an index over all trials, long enough not to collide. */
export function configurationDigest(text: string): Uint8Array {
  return hash('sha256', text, 'buffer').subarray(0, 16);
}
