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

/** What holds the processes of the programs that this process starts. */
export type Enclosure = Readonly<{
  /** A program is about to start; nothing is inside. */
  begin(): void;
  /** All that the programs started and that still lives, but for this process and what may go on. */
  inside(): readonly ProcessEntry[];
  /** Takes the enclosure down; nothing must be inside any more. */
  leave(): void;
}>;

/** Throws where the system does not allow it. */
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
 * While nothing is kept, nothing that lived before a program began can be its own, and need not be looked
 * into: reading what all processes are takes longer than a short run.
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

/** Of a namespace with its own /proc: everybody but its init and this process. */
function ownNamespace({ outside }: KeeperSetup): Enclosure {
  if (pidNamespace() === outside || process.ppid !== 1) throw new Error('not in a PID namespace of its own');
  if (livingProcesses().some(({ pid }) => pid !== 1 && pid !== process.pid))
    throw new Error('/proc is of another');
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

/** This process enters a cgroup below its own, so that all that it starts begins there. */
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

/** The groups of keepers that were killed; one that holds anybody stays. */
function removeOrphaned(outer: string): void {
  for (const name of readdirSync(outer)) {
    const [, pid] = /^nightshift-(\d+)$/.exec(name) ?? [];
    if (pid === undefined || readProcess(Number(pid)) !== undefined) continue;
    try {
      rmdirSync(`${outer}/${name}`);
    } catch {
      // Somebody is inside.
    }
  }
}

/** Where cgroup v2 shows this process's own group. Throws where there is none. */
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
