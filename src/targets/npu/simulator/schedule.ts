import { InputError } from '../../../../search-space/input-error.ts';
import type { Configuration, Value } from '../../../../search-space/parameter.ts';
import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { SPLITS, type Split, STAGINGS, type Staging } from '../machine/schema.ts';

/** A configuration of a simulated kernel, parsed. */
export type SimulatedSchedule = Readonly<{
  /** 0: scalar code. */
  vectorBytes: number;
  unroll: number;
  threads: number;
  split: Split;
  staging: Staging;
  buffers: number;
  /** Elements along each tiled loop, by parameter. */
  sizes: Readonly<Record<string, number>>;
}>;

/** Parses a configuration. Throws InputError for a value that is missing or of the wrong kind. */
export function readSchedule(configuration: Configuration, lowered: LoweredKernel): SimulatedSchedule {
  const sizes: Record<string, number> = {};
  for (const { parameter } of lowered.tiled) sizes[parameter] = numberAt(configuration, parameter);
  return {
    vectorBytes: numberAt(configuration, 'vectorBytes'),
    unroll: numberAt(configuration, 'unroll'),
    threads: numberAt(configuration, 'threads'),
    split: wordAt(configuration, 'split', SPLITS),
    staging: wordAt(configuration, 'staging', STAGINGS),
    buffers: numberAt(configuration, 'buffers'),
    sizes,
  };
}

function numberAt(configuration: Configuration, name: string): number {
  const value: Value | undefined = configuration[name];
  if (typeof value === 'number') return value;
  throw new InputError(name, `must be a number, got ${JSON.stringify(value)}`);
}

function wordAt<T extends string>(configuration: Configuration, name: string, words: readonly T[]): T {
  const found = words.find((word) => word === configuration[name]);
  if (found !== undefined) return found;
  throw new InputError(
    name,
    `must be one of ${words.join(', ')}, got ${JSON.stringify(configuration[name])}`,
  );
}
