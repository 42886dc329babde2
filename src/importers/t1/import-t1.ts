import { z } from 'zod';
import { defineSpace } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration, Parameter, Value } from '../../../search-space/parameter.ts';
import { readSpaceFile } from '../../../search-space/space-file.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import { ownRecordSchema } from '../own-record.ts';
import { type Described, deviceName, opaqueStudy, type TuningResults } from '../tuning-results.ts';

const document = z.looseObject({
  ConfigurationSpace: z.looseObject({
    TuningParameters: z.array(z.looseObject({ Name: z.string(), Default: z.unknown().optional() })),
  }),
  KernelSpecification: z
    .looseObject({
      KernelName: z.string().optional(),
      ProblemSize: z.array(z.union([z.number(), z.string()])).optional(),
      Device: z.looseObject({ Name: z.string().optional() }).optional(),
    })
    .optional(),
  Nightshift: z.unknown().optional(),
});

export function looksLikeT1(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'ConfigurationSpace' in data;
}

/**
 * A T1 1.0.0 file as a study without trials: of its own kernel and target where nightshift wrote it,
 * else of an opaque kernel on a device of the user's. Throws InputError that names the field.
 */
export function importT1(data: unknown, described: Described, toolVersion: string): TuningResults {
  const parsed = document.safeParse(data);
  if (!parsed.success) throw refusal(parsed.error);
  const { Nightshift, KernelSpecification: kernel, ConfigurationSpace } = parsed.data;
  if (Nightshift !== undefined) return { record: readOwn(Nightshift, 'Nightshift'), results: [] };
  const { parameters, constraints } = readSpaceFile(data);
  const space = defineSpace(parameters, constraints);
  const name = described.name ?? kernel?.KernelName;
  if (name === undefined) throw new InputError('--name', 'is missing: the file does not name its kernel');
  const opaque = {
    kind: 'opaque' as const,
    name,
    shape: described.shape ?? problemSize(kernel?.ProblemSize ?? []),
    dtype: described.dtype ?? UNKNOWN_DTYPE,
  };
  const device = described.device ?? deviceName(kernel?.Device?.Name);
  const preferred = preferredOf(ConfigurationSpace.TuningParameters, parameters);
  const configuration = preferred !== undefined && space.has(preferred) ? preferred : space.at(0);
  return { record: opaqueStudy(opaque, device, space, configuration, toolVersion), results: [] };
}

/** What nightshift wrote of itself. Throws InputError where it is not that. */
export function readOwn(data: unknown, field: string) {
  const parsed = ownRecordSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new InputError([field, ...path.map(String)].join('.'), message);
}

/** Extents where all are whole numbers; what is given as an expression is not evaluated. */
export function problemSize(sizes: readonly (number | string)[]): readonly number[] {
  const extents = sizes.map(Number);
  return extents.every((extent) => Number.isSafeInteger(extent) && extent > 0) ? extents : [];
}

function preferredOf(
  entries: readonly Readonly<{ Name: string; Default?: unknown }>[],
  parameters: readonly Parameter[],
): Configuration | undefined {
  const chosen: Record<string, Value> = {};
  for (const { name, values } of parameters) {
    const given = entries.find(({ Name }) => Name === name)?.Default;
    const value = values.find((known) => known === given || String(known) === String(given));
    if (value === undefined) return undefined;
    chosen[name] = value;
  }
  return chosen;
}

function refusal({ issues: [{ path, message }] }: z.ZodError): InputError {
  return new InputError(
    path.map(String).join('.') || 'file',
    message,
    'docs/exports.md has the fields of T1',
  );
}
