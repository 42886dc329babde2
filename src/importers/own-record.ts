import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import type { KernelRecord, NewStudy, StudyRecord, TargetRecord } from '../../store/records.ts';
import { STUDY_STATES } from '../../store/records.ts';
import { configuration, features, jsonObject, spaceDefinition } from '../../store/tables/shapes.ts';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { objectiveText, readObjective } from '../../tuner/objectives/objective.ts';

/**
 * What T1 and T4 have no words for, in a field of our own that their schemas permit: kernel, target and
 * study as a store has them. A file that carries it comes back as the very study it was, simulated
 * results as simulated ones.
 */
export type OwnRecord = Readonly<{
  kernel: KernelRecord;
  target: TargetRecord;
  study: NewStudy;
  state: StudyRecord['state'];
}>;

const kernel = z
  .strictObject({
    hash: z.string(),
    name: z.string(),
    shape: z.string(),
    dtype: z.string(),
    ir: z.string().nullable(),
    features,
    source: z.string(),
  })
  .readonly();

const target = z
  .strictObject({
    fingerprint: z.string(),
    name: z.string(),
    kind: z.enum(TARGET_KINDS),
    description: jsonObject,
    features,
  })
  .readonly();

function isObjective(text: string): boolean {
  try {
    return objectiveText(readObjective(text)) === text;
  } catch {
    return false;
  }
}

const study = z
  .strictObject({
    kernelHash: z.string(),
    targetFingerprint: z.string(),
    spaceHash: z.string(),
    space: spaceDefinition,
    objective: z.string().refine(isObjective, 'is no objective'),
    strategy: z.string(),
    seed: z.int(),
    spec: jsonObject.nullable().default(null),
    defaultConfiguration: configuration,
    priorVersion: z.string().nullable(),
    toolVersion: z.string(),
  })
  .readonly();

const record: z.ZodType<OwnRecord> = z
  .strictObject({ kernel, target, study, state: z.enum(STUDY_STATES) })
  .readonly();

/** What nightshift wrote of itself. Throws InputError where it is not that. */
export function readOwn(data: unknown, field: string): OwnRecord {
  const parsed = record.safeParse(data);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new InputError([field, ...path.map(String)].join('.'), message);
  }
  const { kernel, target, study } = parsed.data;
  if (study.kernelHash !== kernel.hash)
    throw new InputError(`${field}.study.kernelHash`, `is not that of its kernel, ${kernel.hash}`);
  if (study.targetFingerprint !== target.fingerprint)
    throw new InputError(
      `${field}.study.targetFingerprint`,
      `is not that of its target, ${target.fingerprint}`,
    );
  return parsed.data;
}

export function ownRecord(kernel: KernelRecord, target: TargetRecord, record: StudyRecord): OwnRecord {
  const { id: _id, createdAt: _createdAt, state, ...study } = record;
  return { kernel, target, study, state };
}
