import { InputError } from '../../../search-space/input-error.ts';
import { lackOfCsvLog, looksLikeCsvLog, readCsvLog } from './csv-log.ts';
import { looksLikeLlamaLog, readLlamaLog } from './llama-log.ts';
import type { DeviceLog } from './log-row.ts';
import { type LwpInfo, looksLikeLwpInfo, readLwpInfo } from './lwp-info.ts';
import { type LwpCall, looksLikeLwp, readLwp } from './lwp-log.ts';

/** The largest log that is read. */
export const MOST_BYTES_OF_LOG = 64 << 20;

/** A file that a device's log was read from. */
export type LogFile = Readonly<{ name: string; text: string }>;

/**
 * Reads a device's logs: tables, llama.cpp's profiles, and hexagon-mlir's with the text that belongs to them. `call` is
 * what a profile was of that does not say so. Throws InputError, which names the field that the files come from, for a
 * file that is none of these, or that has no timing.
 */
export function readLogs(files: readonly LogFile[], call: LwpCall | undefined, field = '--from'): DeviceLog {
  const info = new Map(
    files.filter(({ text }) => looksLikeLwpInfo(text)).flatMap(({ text }) => [...readLwpInfo(text)]),
  );
  const logs = files
    .filter(({ text }) => !looksLikeLwpInfo(text))
    .map((file) => readLog(file, call, info, field));
  const all: DeviceLog = {
    rows: logs.flatMap(({ rows }) => rows),
    leftOut: logs.flatMap(({ leftOut }) => leftOut),
    notes: logs.flatMap(({ notes }) => notes),
  };
  if (all.rows.length > 0) return all;
  const [first] = all.leftOut;
  const problem =
    first === undefined ? 'has no timing' : `none of its ${first.count} timings can be taken: ${first.first}`;
  throw new InputError(field, problem, 'docs/calibration.md says what a log may be');
}

function readLog(
  { name, text }: LogFile,
  call: LwpCall | undefined,
  info: ReadonlyMap<number, LwpInfo>,
  field: string,
): DeviceLog {
  if (looksLikeLwp(text)) return readLwp(name, text, call, info);
  if (looksLikeLlamaLog(text)) return readLlamaLog(name, text);
  if (looksLikeCsvLog(text)) return readCsvLog(name, text);
  const lack = text.trim() === '' ? 'it is empty' : lackOfCsvLog(text);
  const hint =
    lack ??
    "a table with the columns kernel and time_us, llama.cpp's profile-op lines, or hexagon-mlir's LWP";
  throw new InputError(field, `${name} is no log that can be read`, hint);
}
