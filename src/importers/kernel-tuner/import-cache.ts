import { z } from 'zod';
import { defineSpace } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import type { JsonFile } from '../../text/json-file.ts';
import { kernelTimeName } from '../../text/time-name.ts';
import { endingNotes, readMembers, refuseIfNothing } from '../members.ts';
import { observedParameter } from '../observed-space.ts';
import { problemSize, problemSizeNotes } from '../problem-size.ts';
import { type Described, namedDevice, opaqueStudy, type TuningResults } from '../tuning-results.ts';
import { readCacheEntry } from './cache-entry.ts';

const value = z.union([z.number(), z.string(), z.boolean()], {
  error: ({ input }) =>
    `${JSON.stringify(input)} is no number, text, true or false (only such parameters can be compared; take it out)`,
});

const headerSchema = z.looseObject({
  device_name: z.unknown().optional(),
  kernel_name: z.string(),
  problem_size: z.unknown().optional(),
  tune_params_keys: z.array(z.string()).min(1),
  tune_params: z.record(z.string(), z.array(value).min(1)),
  objective: z.union([z.string(), z.array(z.string())]).default('time'),
});

const ENTRIES = 'cache';
/** The lists of a cache that may be long. */
export const CACHE_LISTS = Object.freeze([ENTRIES]);

export function looksLikeKernelTunerCache({ members, lists }: JsonFile): boolean {
  return Object.hasOwn(lists, ENTRIES) && Object.hasOwn(members, 'tune_params');
}

/**
 * Kernel Tuner's cache as a study of an opaque kernel with its trials. The cache does not hold the
 * restrictions, so every combination of values counts as possible. Throws InputError that names the field
 * where the file cannot be read or no entry can be taken.
 */
export async function importKernelTunerCache(
  file: JsonFile,
  described: Described,
  toolVersion: string,
): Promise<TuningResults> {
  if (file.lists[ENTRIES]?.of !== 'object') throw new InputError(ENTRIES, 'is no object');
  const header = headerOf(file);
  const space = defineSpace(
    header.tune_params_keys.map((name) =>
      observedParameter(
        name,
        Object.hasOwn(header.tune_params, name) ? (header.tune_params[name] ?? []) : [],
      ),
    ),
    [],
  );
  const objective = otherObjective([header.objective].flat());
  const readings = (): ReturnType<TuningResults['readings']> =>
    readMembers(file, ENTRIES, (entry) => readCacheEntry(entry, header.tune_params_keys, objective), space);
  await refuseIfNothing(ENTRIES, readings());
  const device = namedDevice(described.device, header.device_name);
  const kernel = {
    kind: 'opaque' as const,
    name: described.name ?? header.kernel_name,
    shape: described.shape ?? problemSize(header.problem_size) ?? [],
    dtype: described.dtype ?? UNKNOWN_DTYPE,
  };
  return {
    record: opaqueStudy(kernel, device, space, space.at(0), toolVersion),
    space: async () => space,
    deviceIsNamed: device !== undefined,
    notes: () => [
      ...endingNotes(file),
      ...problemSizeNotes(header.problem_size, described.shape),
      ...(objective === undefined
        ? []
        : [`its objective '${objective}' is no time: the times that stand beside it are compared`]),
    ],
    readings,
  };
}

function headerOf({ members }: JsonFile): z.infer<typeof headerSchema> {
  const parsed = headerSchema.safeParse(members);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new InputError(path.map(String).join('.') || 'file', message);
}

/** What the tuner compared, where none of it is a time. */
function otherObjective(objectives: readonly string[]): string | undefined {
  return objectives.some((name) => kernelTimeName(name) !== undefined) ? undefined : objectives[0];
}
