import { z } from 'zod';
import { defineSpace } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration, Value } from '../../../search-space/parameter.ts';
import type { InvalidReason, Result } from '../../../store/trial.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import { observedParameter } from '../observed-space.ts';
import { problemSize } from '../t1/import-t1.ts';
import { type Described, deviceName, opaqueStudy, type TuningResults } from '../tuning-results.ts';

const value = z.union([z.number(), z.string(), z.boolean()], {
  error: ({ input }) =>
    `${JSON.stringify(input)} is no number, text, true or false (only such parameters can be compared; take it out)`,
});
const size = z.union([z.number(), z.string()]);

const cache = z.looseObject({
  device_name: z.string(),
  kernel_name: z.string(),
  problem_size: z.union([size, z.array(size)]).optional(),
  tune_params_keys: z.array(z.string()).min(1),
  tune_params: z.record(z.string(), z.array(value).min(1)),
  objective: z.string().optional(),
  cache: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** What Kernel Tuner writes instead of a time. */
const FAILURES: ReadonlyMap<string, InvalidReason> = new Map([
  ['InvalidConfig', 'constraints'],
  ['CompilationFailedConfig', 'compile'],
  ['RuntimeFailedConfig', 'runtime'],
]);
/** The time of a failure in caches of its older versions. */
const OLD_FAILURE = 1e20;
/** Its times are in milliseconds. */
const MICROSECONDS = 1000;

export function looksLikeKernelTunerCache(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'cache' in data && 'tune_params' in data;
}

/**
 * The text of a cache file as JSON. Kernel Tuner closes the file when it is done; a cache of a tuning
 * that was interrupted lacks its last brackets.
 */
export function closedCache(text: string): string {
  return `${text.trimEnd().replace(/,$/, '')}}}`;
}

/**
 * Kernel Tuner's cache as a study of an opaque kernel with its trials. The cache does not hold the
 * restrictions, so every combination of values counts as possible. Throws InputError that names the field.
 */
export function importKernelTunerCache(
  data: unknown,
  described: Described,
  toolVersion: string,
): TuningResults {
  const parsed = cache.safeParse(data);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new InputError(path.map(String).join('.') || 'file', message);
  }
  const { device_name, kernel_name, problem_size = [], tune_params_keys, tune_params } = parsed.data;
  const objective = parsed.data.objective ?? 'time';
  if (objective !== 'time')
    throw new InputError('objective', `is '${objective}'`, 'nightshift compares times');
  const values = new Map(Object.entries(tune_params));
  const parameters = tune_params_keys.map((name) => observedParameter(name, values.get(name) ?? []));
  const space = defineSpace(parameters, []);
  const results = Object.entries(parsed.data.cache).map(([key, entry]) =>
    resultOf(entry, tune_params_keys, `cache.${key}`),
  );
  const kernel = {
    kind: 'opaque' as const,
    name: described.name ?? kernel_name,
    shape: described.shape ?? problemSize([problem_size].flat()),
    dtype: described.dtype ?? UNKNOWN_DTYPE,
  };
  const device = described.device ?? deviceName(device_name);
  return { record: opaqueStudy(kernel, device, space, space.at(0), toolVersion), results };
}

function resultOf(entry: Readonly<Record<string, unknown>>, names: readonly string[], field: string): Result {
  const configuration: Configuration = Object.fromEntries(
    names.map((name) => [name, readValue(entry[name], `${field}.${name}`)]),
  );
  const proposal = { configuration, subset: 'vec+mt+db', origin: 'imported' };
  const { time } = entry;
  if (typeof time === 'string') {
    const reason = FAILURES.get(time);
    if (reason === undefined) throw new InputError(`${field}.time`, `'${time}' is no time and no failure`);
    return { ...proposal, state: 'invalid', reason, message: time };
  }
  if (typeof time !== 'number' || !(time > 0))
    throw new InputError(`${field}.time`, 'is not a positive number');
  if (time >= OLD_FAILURE) return { ...proposal, state: 'invalid', reason: 'runtime', message: 'failed' };
  const times = z.array(z.number().positive()).safeParse(entry.times);
  const samples = times.success && times.data.length > 0 ? times.data : [time];
  return {
    ...proposal,
    state: 'timed',
    timeUs: time * MICROSECONDS,
    samplesUs: samples.map((sample) => sample * MICROSECONDS),
  };
}

function readValue(given: unknown, field: string): Value {
  const parsed = value.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InputError(field, 'is missing');
}
