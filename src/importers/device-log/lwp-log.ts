import { z } from 'zod';
import { InputError } from '../../../search-space/input-error.ts';
import { describeIssue } from '../../text/describe-issue.ts';
import { parseJson } from '../../text/parse-json.ts';
import type { DeviceLog, LogRow } from './log-row.ts';
import { cyclesBetween, type LwpInfo, regionWords } from './lwp-info.ts';
import { lwpTrace } from './lwp-trace.ts';

const schema = z.looseObject({
  entries: z.array(z.looseObject({ id: z.int().nonnegative(), cyc: z.int().nonnegative() })).min(2),
});

export function looksLikeLwp(text: string): boolean {
  return /^\s*\{\s*"entries"\s*:/.test(text);
}

/** Of which call a profile is, which it does not say itself. */
export type LwpCall = Omit<LogRow, 'place' | 'time' | 'trace'>;

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
  info: ReadonlyMap<number, LwpInfo>,
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
  const time = { cycles: cycles / calls };
  const trace = lwpTrace(parsed.data.entries, time.cycles, info);
  const row = { place: name, ...call, set: [...call.set, 'threads=1'], time, trace };
  return { rows: [row], leftOut: [], notes: [regionsNote(name, outer, calls, cycles, info)] };
}

function regionsOf(name: string, entries: z.output<typeof schema>['entries']): readonly Region[] {
  const open: { id: number; cyc: number }[] = [];
  const found: Region[] = [];
  for (const [place, { id, cyc }] of entries.entries()) {
    const before = entries[Math.max(0, place - 1)].cyc;
    if (cyclesBetween(before, cyc) === undefined) {
      const problem = `its cycles fall from ${before} to ${cyc}, and a counter of 32 bits does not run over there`;
      throw new InputError(`${name}, entry ${place + 1}`, problem, 'entries are in the order of their time');
    }
    const last = open.at(-1);
    if (last?.id !== id) {
      if (open.some((other) => other.id === id)) throw notNested(`${name}, entry ${place + 1}`, id);
      open.push({ id, cyc });
      continue;
    }
    open.pop();
    found.push({ id, cycles: cyclesBetween(last.cyc, cyc) ?? 0, isOuter: open.length === 0 });
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
  info: ReadonlyMap<number, LwpInfo>,
): string {
  const ids = [...new Set(outer.map(({ id }) => id))];
  const shares = ids.map((id) => {
    const own = outer.filter((region) => region.id === id).reduce((sum, region) => sum + region.cycles, 0);
    return `${regionWords(id, info.get(id))} ${Math.round((100 * own) / cycles)} %`;
  });
  return `${name}: ${calls === 1 ? '1 call' : `${calls} calls`} of ${ids.length === 1 ? '1 outermost region' : `${ids.length} outermost regions`}: ${shares.join(', ')}`;
}
