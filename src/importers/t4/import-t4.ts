import { type BuildSpace, buildHere } from '../../../search-space/define-space.ts';
import { explain } from '../../../search-space/explain.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { UNKNOWN_DTYPE } from '../../kernels/opaque.ts';
import type { JsonEntry, JsonFile } from '../../text/json-file.ts';
import { microsecondsIn } from '../../text/time-unit.ts';
import { isConfiguration, objectOr } from '../json-shape.ts';
import { endingNotes, readMembers, refuseIfNothing } from '../members.ts';
import { ObservedSpace } from '../observed-space.ts';
import { readOwn } from '../own-record.ts';
import {
  type Described,
  type EntryReading,
  namedDevice,
  opaqueStudy,
  type TuningResults,
} from '../tuning-results.ts';
import { T4Reader } from './t4-entry.ts';

/** The space that a T4 file belongs to, and what is used today. */
export type GivenSpace = Readonly<{ space: SearchSpace; preferred: Configuration }>;

const RESULTS = 'results';
/** The lists of a T4 file that may be long. */
export const T4_LISTS = Object.freeze([RESULTS]);
/** Kernel Tuner's unit, where a file says none. */
const USUAL_UNIT = 'milliseconds';

/** A file that breaks off may lack what stands behind its results. */
export function looksLikeT4({ members, lists, ending }: JsonFile): boolean {
  return Object.hasOwn(lists, RESULTS) && (Object.hasOwn(members, 'schema_version') || ending !== 'whole');
}

/**
 * A T4 file (1.0.0, or the proposal 1.1.0) as a study with its trials. Without a space (a T1 file tells
 * one) each parameter can be what it was in some result.
 *
 * Throws InputError that names the field where the file cannot be read, no entry can be taken, or a timed
 * result is outside of the given space.
 */
export async function importT4(
  file: JsonFile,
  described: Described,
  given: GivenSpace | undefined,
  toolVersion: string,
  build: BuildSpace = buildHere,
): Promise<TuningResults> {
  if (file.lists[RESULTS]?.of !== 'array')
    throw new InputError(RESULTS, 'is no list', 'docs/exports.md has the fields of T4');
  const reader = new T4Reader(usualUnit(file));
  const { nightshift } = file.members;
  if (nightshift !== undefined) {
    const record = readOwn(nightshift, 'nightshift');
    const space = await build(record.study.space);
    // The study's own trials make it the study it was; what its comparisons timed comes from them.
    const read = (entry: JsonEntry): EntryReading | undefined => passOver(reader.read(entry), 'comparison');
    const readings: TuningResults['readings'] = () => readMembers(file, RESULTS, read, space);
    const notes = (): readonly string[] => endingNotes(file);
    return { record, space: async () => space, deviceIsNamed: true, notes, readings };
  }
  const { name, shape = [], dtype = UNKNOWN_DTYPE } = described;
  if (name === undefined)
    throw new InputError('--name', 'is missing: a T4 file does not name its kernel', '--name gemm');
  const space = given?.space ?? (await observedSpace(file));
  if (given !== undefined) await refuseTimedOutside(file, space, reader);
  const readings: TuningResults['readings'] = () =>
    readMembers(file, RESULTS, (entry) => reader.read(entry), space);
  await refuseIfNothing(RESULTS, readings());
  const device = namedDevice(described.device, objectOr(file.members.metadata).device);
  const kernel = { kind: 'opaque' as const, name, shape, dtype };
  return {
    record: opaqueStudy(kernel, device, space, given?.preferred ?? space.at(0), toolVersion),
    space: async () => space,
    deviceIsNamed: device !== undefined,
    notes: () => [...endingNotes(file), ...objectiveNotes(reader)],
    readings,
  };
}

function passOver(reading: EntryReading, origin: string): EntryReading | undefined {
  return reading.kind === 'result' && reading.result.origin === origin ? undefined : reading;
}

/** The space of a file whose space nobody gives: from the configurations of its entries alone. */
async function observedSpace(file: JsonFile): Promise<SearchSpace> {
  const observed = new ObservedSpace(RESULTS);
  for await (const some of file.entries(RESULTS, 'configuration')) {
    for (const entry of some)
      if (entry.kind === 'value' && isConfiguration(entry.value)) observed.add(entry.value);
  }
  if (observed.isEmpty && file.ending !== 'whole')
    throw new InputError(file.name, 'is cut before the end of its first result', 'copy the whole file');
  return observed.space();
}

/** What a tuner timed is possible: a space without it is another one. Throws InputError. */
async function refuseTimedOutside(file: JsonFile, space: SearchSpace, reader: T4Reader): Promise<void> {
  if (!(await hasOutside(file, space))) return;
  for await (const some of file.entries(RESULTS)) {
    for (const entry of some) {
      const reading = reader.read(entry);
      if (reading.kind !== 'result' || reading.result.state !== 'timed') continue;
      const problem = explain(space, reading.result.configuration);
      if (problem === undefined) continue;
      const field = `${reading.place}.configuration`;
      throw new InputError(field, problem, 'it was timed, so --space names another space');
    }
  }
}

async function hasOutside(file: JsonFile, space: SearchSpace): Promise<boolean> {
  for await (const some of file.entries(RESULTS, 'configuration')) {
    for (const entry of some)
      if (entry.kind === 'value' && isConfiguration(entry.value) && !space.has(entry.value)) return true;
  }
  return false;
}

/** Microseconds in the unit of times that say none; undefined where the file breaks off before it says it. */
function usualUnit({ members, ending }: JsonFile): number | undefined {
  const { timeunit } = objectOr(members.metadata);
  if (timeunit === undefined)
    return ending !== 'whole' && members.metadata === undefined ? undefined : microsecondsIn(USUAL_UNIT, '');
  if (typeof timeunit !== 'string') throw new InputError('metadata.timeunit', 'is no text');
  return microsecondsIn(timeunit, 'metadata.timeunit');
}

function objectiveNotes({ otherObjectives }: T4Reader): readonly string[] {
  if (otherObjectives.length === 0) return [];
  const names = otherObjectives.slice(0, 3).map((name) => `'${name}'`);
  return [`its objective ${names.join(', ')} is no time: the times that stand beside it are compared`];
}
