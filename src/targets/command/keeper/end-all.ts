import { setTimeout as pause } from 'node:timers/promises';
import {
  carriesMark,
  livingProcesses,
  type ProcessEntry,
  readProcess,
  withDescendants,
} from './processes.ts';

/** Looked for again after so long: what a process starts while it is being ended is found then. */
const AGAIN_MS = 2;
/** One that the kernel holds (a dead disk) outlives SIGKILL: nobody waits longer for it. */
const PATIENCE_MS = 2_000;

/** Ends processes until none is left; the names of those that were found. */
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

/** What an earlier nightshift left behind, but for those whose names are kept; the names of those ended. */
export function endMarked(mark: string, kept: readonly string[]): Promise<readonly string[]> {
  return endAll(() => familyOf((one) => carriesMark(one, mark), kept));
}

/** Of all processes those that are meant and their descendants, without this one, and without those kept with theirs. */
export function familyOf(
  isMeant: (one: ProcessEntry) => boolean,
  kept: readonly string[],
  all = livingProcesses(),
): readonly ProcessEntry[] {
  const spared = pidsOf(withDescendants(pidsOf(all.filter((one) => isKept(one, kept))), all));
  spared.add(process.pid);
  return withDescendants(pidsOf(all.filter((one) => !spared.has(one.pid) && isMeant(one))), all, spared);
}

/** The kernel keeps 15 letters of a name. */
function isKept({ name }: ProcessEntry, kept: readonly string[]): boolean {
  return kept.some((asked) => asked.slice(0, 15) === name);
}

function pidsOf(processes: readonly ProcessEntry[]): Set<number> {
  return new Set(processes.map(({ pid }) => pid));
}

/** Only where the number still belongs to the same process. */
function end({ pid, startedAt }: ProcessEntry): void {
  if (readProcess(pid)?.startedAt !== startedAt) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, or belongs to somebody else.
  }
}
