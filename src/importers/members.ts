import { explain } from '../../search-space/explain.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { writeResult } from '../../store/written-result.ts';
import type { JsonEntry, JsonFile } from '../text/json-file.ts';
import { shortened } from './left-out.ts';
import type { EntryReading, MemberReading } from './tuning-results.ts';

/**
 * The entries of one of a file's lists, read one by one, with their index in the space; those of other
 * configurations are left out, and those that `read` passes over are not there.
 */
export async function* readMembers(
  file: JsonFile,
  list: string,
  read: (entry: JsonEntry) => EntryReading | undefined,
  space: SearchSpace,
): AsyncGenerator<readonly MemberReading[]> {
  const names = space.parameters.map(({ name }) => name);
  for await (const entries of file.entries(list)) {
    const members: MemberReading[] = [];
    for (const entry of entries) {
      const reading = read(entry);
      if (reading !== undefined) members.push(memberOf(reading, space, names));
    }
    yield members;
  }
}

function memberOf(reading: EntryReading, space: SearchSpace, names: readonly string[]): MemberReading {
  if (reading.kind === 'left out') return reading;
  const { place, result, droppedSamples } = reading;
  const { configuration } = result;
  const index = space.indexOf(configuration);
  if (index >= 0) return { kind: 'result', place, result: writeResult(names, result), droppedSamples, index };
  const detail = (): string => explain(space, configuration) ?? JSON.stringify(configuration);
  return { kind: 'left out', place, reason: 'not of the space', detail };
}

/** A list without entries is taken; one of which no entry can be read is not. Throws InputError with the first. */
export async function refuseIfNothing(
  field: string,
  readings: AsyncIterable<readonly MemberReading[]>,
): Promise<void> {
  let problem: string | undefined;
  for await (const some of readings) {
    for (const reading of some) {
      if (reading.kind === 'result') return;
      problem ??= shortened(`${reading.place}: ${reading.detail()}`);
    }
  }
  if (problem !== undefined) throw new InputError(field, `none of them can be taken: ${problem}`);
}

/** What is to be said of a file that does not end as it should. */
export function endingNotes({ name, ending }: JsonFile): readonly string[] {
  if (ending === 'open')
    return [`${name} is not closed, as a tuning leaves it that goes on or was interrupted`];
  return ending === 'cut' ? [`${name} breaks off in the middle: its whole entries were read`] : [];
}
