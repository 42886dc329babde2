import { readdirSync, readFileSync } from 'node:fs';

/** A process from /proc. `startedAt`, in clock ticks since boot, tells processes with a reused PID apart. */
export type ProcessEntry = Readonly<{ pid: number; parent: number; startedAt: number; name: string }>;

/** A variable in the environment of each measured program, which its descendants inherit. */
export const MARK_VARIABLE = 'NIGHTSHIFT_MARK';

/** All living processes, except the PIDs `without`; empty if the system has no /proc. */
export function livingProcesses(without: ReadonlySet<number> = new Set()): readonly ProcessEntry[] {
  return processNumbers().flatMap((pid) => (without.has(pid) ? [] : (readProcess(pid) ?? [])));
}

/** The PIDs of all processes: a hundred times cheaper than `livingProcesses`. */
export function processNumbers(): readonly number[] {
  return numbersIn('/proc');
}

/** Undefined if the process is gone or a zombie. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const text = readText(`/proc/${pid}/stat`);
  const [, name, rest] = /^\d+ \((.*)\) (.*)/s.exec(text ?? '') ?? [];
  if (rest === undefined) return undefined;
  // proc(5): state, parent, …; the start is the 22nd field, and the 20th after the name.
  const fields = rest.split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, parent: Number(fields[1]), startedAt: Number(fields[19]), name };
}

/** Whether a process has the mark in its environment; false if that cannot be read. */
export function carriesMark({ pid }: ProcessEntry, mark: string): boolean {
  const environment = readText(`/proc/${pid}/environ`);
  return environment !== undefined && `\0${environment}\0`.includes(`\0${MARK_VARIABLE}=${mark}\0`);
}

/** The processes with the PIDs `roots` and their descendants, without `others`. */
export function withDescendants(
  roots: ReadonlySet<number>,
  processes: readonly ProcessEntry[],
  others: ReadonlySet<number> = new Set(),
): readonly ProcessEntry[] {
  const family = new Set(roots);
  const isNew = ({ pid, parent }: ProcessEntry): boolean =>
    family.has(parent) && !family.has(pid) && !others.has(pid);
  for (let found = processes.filter(isNew); found.length > 0; found = processes.filter(isNew)) {
    for (const { pid } of found) family.add(pid);
  }
  return processes.filter(({ pid }) => family.has(pid) && !others.has(pid));
}

/** The PIDs in a cgroup and in the groups below it. */
export function processesOfCgroup(folder: string): readonly number[] {
  const own = (readText(`${folder}/cgroup.procs`) ?? '').split('\n').filter(Boolean).map(Number);
  return [...own, ...foldersIn(folder).flatMap((name) => processesOfCgroup(`${folder}/${name}`))];
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
