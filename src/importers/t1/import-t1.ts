import { z } from 'zod';
import { type BuildSpace, buildHere } from '../../../search-space/define-space.ts';
import { InputError } from '../../../search-space/input-error.ts';
import { preferredIn } from '../../../search-space/preferred.ts';
import { readSpaceFile } from '../../../search-space/space-file.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import type { JsonFile } from '../../text/json-file.ts';
import { objectOr } from '../json-shape.ts';
import { readOwn } from '../own-record.ts';
import { problemSize, problemSizeNotes } from '../problem-size.ts';
import { type Described, namedDevice, opaqueStudy, type TuningResults } from '../tuning-results.ts';

const specification = z.looseObject({ KernelName: z.string().optional() }).default({});

export function looksLikeT1({ members }: JsonFile): boolean {
  return Object.hasOwn(members, 'ConfigurationSpace');
}

/**
 * A T1 1.0.0 file as a study without trials: of its own kernel and target where nightshift wrote it,
 * else of an opaque kernel on a device of the user's. Throws InputError that names the field.
 */
export async function importT1(
  file: JsonFile,
  described: Described,
  toolVersion: string,
  build: BuildSpace = buildHere,
): Promise<TuningResults> {
  if (file.ending !== 'whole') throw new InputError(file.name, 'breaks off in the middle');
  const { Nightshift, KernelSpecification } = file.members;
  if (Nightshift !== undefined) {
    const record = readOwn(Nightshift, 'Nightshift');
    const own = await build(record.study.space);
    return { record, space: async () => own, deviceIsNamed: true, notes: () => [], readings: none };
  }
  const parsed = specification.safeParse(KernelSpecification);
  if (!parsed.success) throw refusal(parsed.error);
  const { KernelName, ProblemSize, Device } = parsed.data;
  const definition = readSpaceFile(file.members);
  const space = await build(definition);
  const name = described.name ?? KernelName;
  if (name === undefined) throw new InputError('--name', 'is missing: the file does not name its kernel');
  const kernel = {
    kind: 'opaque' as const,
    name,
    shape: described.shape ?? problemSize(ProblemSize) ?? [],
    dtype: described.dtype ?? UNKNOWN_DTYPE,
  };
  const device = namedDevice(described.device, objectOr(Device).Name, Device);
  const { preferred, notes } = preferredIn(space, definition);
  return {
    record: opaqueStudy(kernel, device, space, preferred, toolVersion),
    space: async () => space,
    deviceIsNamed: device !== undefined,
    notes: () => [...problemSizeNotes(ProblemSize, described.shape), ...notes],
    readings: none,
  };
}

async function* none(): AsyncGenerator<never> {}

function refusal({ issues: [{ path, message }] }: z.ZodError): InputError {
  const field = ['KernelSpecification', ...path.map(String)].join('.');
  return new InputError(field, message, 'docs/exports.md has the fields of T1');
}
