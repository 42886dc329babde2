import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { familyOf } from './end-all.ts';
import type { KeeperSetup } from './messages.ts';
import {
  carriesMark,
  livingProcesses,
  type ProcessEntry,
  processesOfCgroup,
  processNumbers,
  readProcess,
} from './processes.ts';

/** A way to find all processes of the programs that this process starts. */
export type Enclosure = Readonly<{
  /** To be called before a program starts, when no process is inside. */
  begin(): void;
  /** The living processes of the programs, without this process and those that may keep running. */
  inside(): readonly ProcessEntry[];
  /** Removes the enclosure, in which no process may be left. */
  leave(): void;
}>;

/** Enters an enclosure. Throws if the system does not allow it. */
export function enter(setup: KeeperSetup): Enclosure {
  switch (setup.enclosure) {
    case 'pid-namespace':
      return ownNamespace(setup);
    case 'cgroup':
      return ownCgroup();
    case 'processes':
      return marked(setup);
  }
}

/**
 * Finds processes by their mark. If none may keep running, processes from before the program's start cannot
 * be its own and are skipped: reading the details of all processes takes longer than a short run.
 */
function marked({ mark, kept }: KeeperSetup): Enclosure {
  const isOurs = (one: ProcessEntry): boolean => one.parent === process.pid || carriesMark(one, mark);
  let before: ReadonlySet<number> = new Set();
  return {
    begin: () => {
      before = new Set(kept.length === 0 ? processNumbers() : []);
    },
    inside: () => familyOf(isOurs, kept, livingProcesses(before)),
    leave: () => {},
  };
}

/** Finds all processes of a namespace with its own /proc, except its init and this process. */
function ownNamespace({ outside }: KeeperSetup): Enclosure {
  if (pidNamespace() === outside || process.ppid !== 1) throw new Error('not in a PID namespace of its own');
  if (livingProcesses().some(({ pid }) => pid !== 1 && pid !== process.pid))
    throw new Error('/proc shows another PID namespace');
  return {
    begin: () => {},
    inside: () => livingProcesses().filter(({ pid }) => pid !== 1 && pid !== process.pid),
    leave: () => {},
  };
}

export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'unknown';
  }
}

/** Moves this process into a new cgroup below its own, in which all its descendants start. */
function ownCgroup(): Enclosure {
  const outer = cgroupFolder();
  removeOrphaned(outer);
  const inner = `${outer}/nightshift-${process.pid}`;
  mkdirSync(inner);
  try {
    writeFileSync(`${inner}/cgroup.procs`, String(process.pid));
  } catch (error) {
    rmdirSync(inner);
    throw error;
  }
  return {
    begin: () => {},
    inside: () => {
      const others = processesOfCgroup(inner).filter((pid) => pid !== process.pid);
      return others.flatMap((pid) => readProcess(pid) ?? []);
    },
    leave: () => {
      writeFileSync(`${outer}/cgroup.procs`, String(process.pid));
      rmdirSync(inner);
    },
  };
}

/** Removes the empty cgroups of killed keepers. */
function removeOrphaned(outer: string): void {
  for (const name of readdirSync(outer)) {
    const [, pid] = /^nightshift-(\d+)$/.exec(name) ?? [];
    if (pid === undefined || readProcess(Number(pid)) !== undefined) continue;
    try {
      rmdirSync(`${outer}/${name}`);
    } catch {
      // It still has processes.
    }
  }
}

/** The folder of this process's own group in cgroup v2. Throws if there is none. */
function cgroupFolder(): string {
  const [, path] = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
  // mountinfo, proc_pid_mountinfo(5): id parent device root mountpoint options … - type …
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').matchAll(
    /^\S+ \S+ \S+ (\S+) (\S+) .* - cgroup2 /gm,
  );
  for (const [, root, mountPoint] of mounts) {
    if (path === undefined || !`${path}/`.startsWith(root === '/' ? '/' : `${root}/`)) continue;
    return `${mountPoint}${root === '/' ? path : path.slice(root.length)}`.replace(/\/$/, '');
  }
  throw new Error('no cgroup v2');
}
