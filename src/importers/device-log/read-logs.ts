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
  const problem = all.leftOut.length === 0 ? 'has no timing' : noneTaken(all);
  throw new InputError(field, problem, 'docs/calibration.md says what a log may be');
}

/** "none of its 3 timings can be taken: its time is no number above 0 (2: b.csv, line 2: relu,NaN); …" */
function noneTaken({ leftOut }: DeviceLog): string {
  const timings = leftOut.reduce((sum, { count }) => sum + count, 0);
  const reasons = leftOut.map(({ count, reason, first }) => `${reason} (${count}: ${first})`).join('; ');
  return timings === 1
    ? `its only timing cannot be taken: ${leftOut[0].reason} (${leftOut[0].first})`
    : `none of its ${timings} timings can be taken: ${reasons}`;
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
