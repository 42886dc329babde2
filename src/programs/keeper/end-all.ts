import { setTimeout as pause } from 'node:timers/promises';
import {
  carriesMark,
  livingProcesses,
  type ProcessEntry,
  readProcess,
  withDescendants,
} from './processes.ts';

/** The pause before the next search, which finds processes started during the last one. */
const AGAIN_MS = 2;
/** The longest wait: a process in uninterruptible sleep (a dead disk) outlives SIGKILL. */
const PATIENCE_MS = 2_000;

/** Kills the processes that `find` returns until it returns none. Returns the names of all it found. */
export async function endAll(find: () => readonly ProcessEntry[]): Promise<readonly string[]> {
  const names = new Set<string>();
  for (let waited = 0; waited < PATIENCE_MS; waited += AGAIN_MS) {
    const found = find();
    if (found.length === 0) break;
    for (const one of found) {
      names.add(one.name);
      end(one);
    }
    await pause(AGAIN_MS);
  }
  return [...names];
}

/** Ends the processes that an earlier nightshift left, except those with `kept` names. Returns their names. */
export function endMarked(mark: string, kept: readonly string[]): Promise<readonly string[]> {
  return endAll(() => familyOf((one) => carriesMark(one, mark), kept));
}

/** The matching processes and their descendants, without this process, the kept ones and the descendants of those. */
export function familyOf(
  isMatch: (one: ProcessEntry) => boolean,
  kept: readonly string[],
  all = livingProcesses(),
): readonly ProcessEntry[] {
  const spared = pidsOf(withDescendants(pidsOf(all.filter((one) => isKept(one, kept))), all));
  spared.add(process.pid);
  return withDescendants(pidsOf(all.filter((one) => !spared.has(one.pid) && isMatch(one))), all, spared);
}

/** The kernel keeps the first 15 characters of a name. */
function isKept({ name }: ProcessEntry, kept: readonly string[]): boolean {
  return kept.some((asked) => asked.slice(0, 15) === name);
}

function pidsOf(processes: readonly ProcessEntry[]): Set<number> {
  return new Set(processes.map(({ pid }) => pid));
}

/** Kills a process, unless its number has been reused. */
function end({ pid, startedAt }: ProcessEntry): void {
  if (readProcess(pid)?.startedAt !== startedAt) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, or belongs to another user.
  }
}
