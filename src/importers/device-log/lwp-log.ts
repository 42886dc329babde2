import { z } from 'zod';
import { InputError } from '../../../search-space/input-error.ts';
import { describeIssue } from '../../text/describe-issue.ts';
import { parseJson } from '../../text/parse-json.ts';
import type { DeviceLog, LogRow } from './log-row.ts';

const schema = z.looseObject({
  entries: z.array(z.looseObject({ id: z.int().nonnegative(), cyc: z.int().nonnegative() })).min(2),
});
const INFO = /^Location (.*) corresponds to ID (\d+) \| Collected ops: ?(.*)$/;
/** Cycles are written with 32 bits, which run over. */
const RUNS_OVER = 2 ** 32;

export function looksLikeLwp(text: string): boolean {
  return /^\s*\{\s*"entries"\s*:/.test(text);
}

export function looksLikeLwpInfo(text: string): boolean {
  return text.split(/\r?\n/, 50).some((line) => INFO.test(line));
}

/** What the text beside a profile says of a region: "lines 12, 14: math.exp, arith.mulf". */
export function readLwpInfo(text: string): ReadonlyMap<number, string> {
  const lines = text.split(/\r?\n/).map((line) => INFO.exec(line));
  return new Map(
    lines.flatMap((found) => (found === null ? [] : [[Number(found[2]), `lines ${found[1]}: ${found[3]}`]])),
  );
}

/** Of which call a profile is, which it does not say itself. */
export type LwpCall = Omit<LogRow, 'place' | 'time'>;

type Region = { id: number; cycles: number; isOuter: boolean };

/**
 * hexagon-mlir's light-weight profile of one kernel: each region writes its id when it opens and when it closes. The
 * outermost regions make up a call; the first of them to open says how many calls there were. Throws InputError for a
 * region that does not close, and where nothing says of which kernel it is.
 */
export function readLwp(
  name: string,
  text: string,
  call: LwpCall | undefined,
  info: ReadonlyMap<number, string>,
): DeviceLog {
  if (call === undefined) {
    const hint = 'give --kernel, and its --shape, --dtype and --set';
    throw new InputError(name, 'is a profile that does not say of which kernel it is', hint);
  }
  if (call.set.some((word) => /^threads=(?!1$)/.test(word)))
    throw new InputError('--set', 'threads: hexagon-mlir profiles no multi-threaded code', 'leave it out');
  const data = parseJson(name, text);
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new InputError(name, describeIssue(parsed.error.issues[0], data, schema));
  const regions = regionsOf(name, parsed.data.entries);
  const outer = regions.filter(({ isOuter }) => isOuter);
  const calls = outer.filter(({ id }) => id === outer[0].id).length;
  const cycles = outer.reduce((sum, region) => sum + region.cycles, 0);
  const row = { place: name, ...call, set: [...call.set, 'threads=1'], time: { cycles: cycles / calls } };
  return { rows: [row], leftOut: [], notes: [regionsNote(name, outer, calls, cycles, info)] };
}

function regionsOf(name: string, entries: z.output<typeof schema>['entries']): readonly Region[] {
  const open: { id: number; cyc: number }[] = [];
  const found: Region[] = [];
  for (const [place, { id, cyc }] of entries.entries()) {
    const last = open.at(-1);
    if (last?.id !== id) {
      if (open.some((other) => other.id === id)) throw notNested(`${name}, entry ${place + 1}`, id);
      open.push({ id, cyc });
      continue;
    }
    open.pop();
    const cycles = cyc >= last.cyc ? cyc - last.cyc : cyc + RUNS_OVER - last.cyc;
    found.push({ id, cycles, isOuter: open.length === 0 });
  }
  if (open.length > 0) throw notNested(`${name}, end`, open[0].id);
  return found;
}

function notNested(place: string, id: number): InputError {
  const hint = 'profile a run on one thread whose records fit the buffer';
  return new InputError(place, `region ${id} is open, and its end does not follow`, hint);
}

function regionsNote(
  name: string,
  outer: readonly Region[],
  calls: number,
  cycles: number,
  info: ReadonlyMap<number, string>,
): string {
  const ids = [...new Set(outer.map(({ id }) => id))];
  const shares = ids.map((id) => {
    const own = outer.filter((region) => region.id === id).reduce((sum, region) => sum + region.cycles, 0);
    const said = info.get(id);
    return `region ${id}${said === undefined ? '' : ` (${said})`} ${Math.round((100 * own) / cycles)} %`;
  });
  return `${name}: ${calls} calls of ${ids.length} outermost regions: ${shares.join(', ')}`;
}
