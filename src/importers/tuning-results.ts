import { createHash } from 'node:crypto';
import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { TargetRecord } from '../../store/records.ts';
import type { Result } from '../../store/trial.ts';
import type { WrittenResult } from '../../store/written-result.ts';
import { canonicalJson } from '../kernels/canonical-json.ts';
import type { OpaqueKernel } from '../kernels/opaque.ts';
import { kernelRecord } from '../kernels/record.ts';
import type { OwnRecord } from './own-record.ts';

/** What an entry of somebody's file is to us, with its place there. */
export type EntryReading = Readonly<{ place: string }> &
  (
    | Readonly<{ kind: 'result'; result: Result; droppedSamples: number }>
    /** `detail` says of this entry what `reason` says of all that are left out for it; asked of the first only. */
    | Readonly<{ kind: 'left out'; reason: string; detail: () => string }>
  );

/** The same, of a configuration that has this index in the study's space. */
export type MemberReading =
  | Readonly<{ kind: 'result'; place: string; result: WrittenResult; droppedSamples: number; index: number }>
  | Extract<EntryReading, { kind: 'left out' }>;

/** What a file of somebody's tuning becomes: a study, and what was tried in it. */
export type TuningResults = Readonly<{
  record: OwnRecord;
  /** The study's space; few imports need it: those into a study that has trials. */
  space: () => Promise<SearchSpace>;
  /** Whether the file or the user says on what it was measured. */
  deviceIsNamed: boolean;
  /** What was chosen or assumed where the file leaves it open; all of it once the entries were read. */
  notes: () => readonly string[];
  /** All entries in the order of the file, some at a time; read anew whenever they are asked for. */
  readings: () => AsyncIterable<readonly MemberReading[]>;
}>;

/** What users may say of a file that does not say it itself. */
export type Described = Readonly<{
  name?: string;
  shape?: readonly number[];
  dtype?: string;
  device?: string;
}>;

/** What such a study says ended its visit, and its strategy. */
export const IMPORTED = 'imported';

/** Who an imported result was proposed by. */
export const IMPORTED_PROPOSAL = Object.freeze({ subset: 'vec+mt+db', origin: IMPORTED });

/** The device that somebody says, if it is not nothing. */
export function namedDevice(...said: readonly unknown[]): string | undefined {
  const texts = said.flatMap((one) => (typeof one === 'string' ? [one.trim()] : []));
  return texts.find((text) => text !== '');
}

/** Somebody's results as a study of an opaque kernel, measured on their device; "device" where nobody names it. */
export function opaqueStudy(
  kernel: OpaqueKernel,
  device: string | undefined,
  space: SearchSpace,
  preferred: Configuration,
  toolVersion: string,
): OwnRecord {
  const record = kernelRecord(kernel, 'opaque');
  const target = deviceRecord(device ?? 'device');
  return {
    kernel: record,
    target,
    study: {
      kernelHash: record.hash,
      targetFingerprint: target.fingerprint,
      spaceHash: space.hash,
      space: { parameters: space.parameters, constraints: space.constraints },
      objective: 'time',
      strategy: IMPORTED,
      seed: 0,
      spec: null,
      defaultConfiguration: preferred,
      priorVersion: null,
      toolVersion,
    },
    state: 'done',
  };
}

/** A device that is known by its name alone. */
function deviceRecord(name: string): TargetRecord {
  const description = { device: name, source: 'imported' };
  const hash = createHash('sha256').update(canonicalJson(description)).digest('hex').slice(0, 16);
  return { fingerprint: `${IMPORTED}-${hash}`, name, kind: 'device', description, features: {} };
}
