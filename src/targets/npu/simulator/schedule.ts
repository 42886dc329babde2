import { InputError } from '../../../../search-space/input-error.ts';
import type { Configuration, Value } from '../../../../search-space/parameter.ts';
import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import type { Schedule } from '../../../lowering/schedule.ts';
import {
  PRODUCT_UNITS,
  type ProductUnit,
  SPLITS,
  type Split,
  STAGINGS,
  type Staging,
  WEIGHTS,
  type Weights,
} from '../machine/schema.ts';

/** A configuration of a simulated kernel, parsed; `sizes` has a size for each tiled loop. */
export type SimulatedSchedule = Schedule &
  Readonly<{
    split: Split;
    staging: Staging;
    /** What multiplies matrices; the vector unit where the space has no choice. */
    unit: ProductUnit;
    /** Whether the right side of a matrix product is packed once and kept, or for each tile. */
    weights: Weights;
    /** What else of a configuration its object code depends on; empty where code is only modelled. */
    code: Configuration;
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
    unit: configuration.unit === undefined ? 'vector' : wordAt(configuration, 'unit', PRODUCT_UNITS),
    weights: configuration.weights === undefined ? 'streamed' : wordAt(configuration, 'weights', WEIGHTS),
    stagesResults: true,
    sizes,
    code: codeWords(configuration),
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

const MODELLED: Configuration = Object.freeze({});
/** Parameters of spaces whose code is compiled. */
const CODE_WORDS = ['floats', 'vectorCombine', 'pipeliner', 'scheduling', 'alignment'] as const;

function codeWords(configuration: Configuration): Configuration {
  const given = CODE_WORDS.filter((name) => configuration[name] !== undefined);
  if (given.length === 0) return MODELLED;
  return Object.fromEntries(given.map((name) => [name, configuration[name]]));
}
