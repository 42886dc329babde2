import { z } from 'zod';
import { explain } from '../../../search-space/explain.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Result } from '../../../store/trial.ts';
import { FAILURE_REASONS, type Outcome, type Proposal } from '../../../store/trial.ts';
import { median } from '../../../tuner/measurement/statistics.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import { observedSpace } from '../observed-space.ts';
import { readOwn } from '../t1/import-t1.ts';
import { microsecondsIn } from '../time-unit.ts';
import { type Described, deviceName, opaqueStudy, type TuningResults } from '../tuning-results.ts';

const value = z.union([z.number(), z.string(), z.boolean()]);

const own = z
  .object({
    subset: z.string(),
    origin: z.string(),
    prediction: z.object({ meanLog: z.number(), sdLog: z.number() }).exactOptional(),
    phases: z.record(z.string(), z.number()).exactOptional(),
    message: z.string().exactOptional(),
  })
  .partial();

const result = z.looseObject({
  configuration: z.record(z.string(), value),
  objectives: z.array(z.string()).optional(),
  times: z.looseObject({ runtimes: z.array(z.number().positive()).optional() }).optional(),
  invalidity: z.enum(['correct', ...FAILURE_REASONS]),
  measurements: z
    .array(z.looseObject({ name: z.string(), value: z.unknown(), unit: z.string().optional() }))
    .optional(),
  nightshift: own.optional(),
});
type T4Result = z.infer<typeof result>;

const document = z.looseObject({
  schema_version: z.string(),
  metadata: z.looseObject({ device: z.string().optional(), timeunit: z.string().optional() }).optional(),
  results: z.array(result),
  nightshift: z.unknown().optional(),
});

/** Kernel Tuner's unit, where a file says none. */
const USUAL_UNIT = 'milliseconds';

export function looksLikeT4(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'results' in data && 'schema_version' in data;
}

/**
 * A T4 file (1.0.0, or the proposal 1.1.0) as a study with its trials. Without a space (a T1 file tells
 * one) each parameter can be what it was in some result. Throws InputError that names the field.
 */
export function importT4(
  data: unknown,
  described: Described,
  space: SearchSpace | undefined,
  toolVersion: string,
): TuningResults {
  const parsed = document.safeParse(data);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new InputError(
      path.map(String).join('.') || 'file',
      message,
      'docs/exports.md has the fields of T4',
    );
  }
  const { metadata, results, nightshift } = parsed.data;
  const unit = metadata?.timeunit;
  const read = results.map((entry, place) => resultOf(entry, unit, `results[${place}]`));
  if (nightshift !== undefined) {
    // The study's own trials make it the study it was; what its comparisons timed comes from them.
    const trials = read.filter(({ origin }) => origin !== 'comparison');
    return { record: readOwn(nightshift, 'nightshift'), results: trials };
  }
  const { name } = described;
  if (name === undefined)
    throw new InputError('--name', 'is missing: a T4 file does not name its kernel', '--name gemm');
  const known =
    space ??
    observedSpace(
      read.map(({ configuration }) => configuration),
      'results',
    );
  read.forEach(({ configuration }, place) => {
    const problem = explain(known, configuration);
    if (problem !== undefined) throw new InputError(`results[${place}].configuration`, problem);
  });
  const { shape = [], dtype = UNKNOWN_DTYPE, device = deviceName(metadata?.device) } = described;
  const kernel = { kind: 'opaque' as const, name, shape, dtype };
  return { record: opaqueStudy(kernel, device, known, known.at(0), toolVersion), results: read };
}

function resultOf(entry: T4Result, unit: string | undefined, field: string): Result {
  const { configuration, nightshift } = entry;
  const proposal: Proposal = {
    configuration,
    subset: nightshift?.subset ?? 'vec+mt+db',
    origin: nightshift?.origin ?? 'imported',
    ...(nightshift?.prediction && { prediction: nightshift.prediction }),
  };
  return { ...proposal, ...outcomeOf(entry, unit, field) };
}

function outcomeOf(entry: T4Result, unit: string | undefined, field: string): Outcome {
  const { invalidity, nightshift } = entry;
  if (invalidity !== 'correct') {
    return {
      state: 'invalid',
      reason: invalidity,
      message: nightshift?.message ?? 'said so in an imported file',
    };
  }
  const scale = microsecondsIn(unit ?? USUAL_UNIT, 'metadata.timeunit');
  const samplesUs = (entry.times?.runtimes ?? []).map((time) => time * scale);
  const timeUs = measuredTime(entry, unit, field) ?? (samplesUs.length === 0 ? undefined : median(samplesUs));
  if (timeUs === undefined || !(timeUs > 0)) {
    throw new InputError(field, 'is correct but has neither a measurement of its objective nor runtimes');
  }
  return {
    state: 'timed',
    timeUs,
    samplesUs: samplesUs.length === 0 ? [timeUs] : samplesUs,
    ...(nightshift?.phases && { phases: nightshift.phases }),
  };
}

/** The measurement of the first objective, in microseconds. */
function measuredTime({ objectives, measurements }: T4Result, unit: string | undefined, field: string) {
  const name = objectives?.[0] ?? 'time';
  const found = measurements?.find((measurement) => measurement.name === name);
  if (typeof found?.value !== 'number') return undefined;
  const own = found.unit === undefined || found.unit === '' ? undefined : found.unit;
  return found.value * microsecondsIn(own ?? unit ?? USUAL_UNIT, `${field}.measurements.unit`);
}
