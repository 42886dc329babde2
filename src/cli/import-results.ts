import { statSync } from 'node:fs';
import { toolVersion } from '../ask/tool-version.ts';
import { importResultsDocument } from '../documents/import-results.ts';
import { storeResults } from '../importers/store-results.ts';
import type { TuningResults } from '../importers/tuning-results.ts';
import { parseShape } from '../kernels/shape.ts';
import { drawImportResults } from '../report/terminal/import-results.ts';
import type { Flags } from './flags.ts';
import type { OptionSpec } from './options/_base.ts';
import { TEXT_OR_JSON } from './options/format.ts';
import type { GlobalOption } from './options/global.ts';
import { readingApart } from './read-apart.ts';
import { type ReadResults, type ResultsFormat, readResults } from './results-file.ts';
import type { Session } from './session.ts';
import { Spaces } from './spaces.ts';
import { writing } from './stores.ts';
import { sayNotes } from './subject.ts';

/** What a file of results may not say itself. */
export const resultsOptions = Object.freeze({
  dtype: { kind: 'text', describe: 'Of results: f32, f16 …', group: 'Results:' },
  device: { kind: 'text', describe: 'Of results: what they were measured on', group: 'Results:' },
  space: { kind: 'text', describe: 'Of a T4 file: the T1 or space file it belongs to', group: 'Results:' },
} as const satisfies Record<string, OptionSpec>);

type Asked = Flags<'name' | 'shape' | 'format' | keyof typeof resultsOptions | GlobalOption>;

/** Whether a file holds tuning results rather than a kernel. */
export function holdsResults(path: string): boolean {
  return /\.json(\.gz)?$/.test(path);
}

/** Imports another tuner's results as a study. Nothing is stored unless the whole file can be read. */
export async function importResults(path: string, flags: Asked, session: Session): Promise<void> {
  const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
  const { name, shape, dtype, device } = {
    name: flags.text('name'),
    shape: flags.text('shape'),
    dtype: flags.text('dtype'),
    device: flags.text('device'),
  };
  const described = {
    ...(name !== undefined && { name }),
    ...(shape !== undefined && { shape: parseShape(shape) }),
    ...(dtype !== undefined && { dtype }),
    ...(device !== undefined && { device }),
  };
  const keep = ({ format: kind, tuning }: ReadResults): Promise<void> =>
    store(kind, tuning, format, flags, session);
  const spaces = new Spaces(flags, session);
  const task = { path, described, spacePath: flags.text('space'), toolVersion: toolVersion() };
  return isLarge(path)
    ? readingApart(task, spaces, keep)
    : keep(await readResults(path, described, task.spacePath, task.toolVersion, spaces.define));
}

/** Bytes from which on starting a thread takes less time than it saves. */
const LARGE = 4 * 2 ** 20;

function isLarge(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= LARGE;
}

async function store(
  kind: ResultsFormat,
  tuning: TuningResults,
  format: (typeof TEXT_OR_JSON)[number],
  flags: Asked,
  session: Session,
): Promise<void> {
  const stored = await writing('import', flags, session, (opened) =>
    storeResults(tuning, opened, toolVersion()),
  );
  const notes = [...tuning.notes(), ...deviceNotes(tuning, stored.trials)];
  const document = importResultsDocument(kind, tuning.record, stored, notes);
  sayNotes(notes, flags, session);
  if (format === 'json') return session.printJson(document);
  session.show(document, (seen, { paint }) => drawImportResults(seen, paint));
}

/** Results of devices without a name would fall together. */
function deviceNotes({ deviceIsNamed }: TuningResults, taken: number): readonly string[] {
  if (deviceIsNamed || taken === 0) return [];
  return [
    "nothing says what the results were measured on: they count as those of 'device', --device names it",
  ];
}
