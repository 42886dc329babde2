import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { familyOf } from './end-all.ts';
import type { KeeperSetup } from './messages.ts';
import { isMarked, livingProcesses, type ProcessEntry, processesOfCgroup, readProcess } from './processes.ts';

/** What holds the processes of the programs that this process starts. */
export type Enclosure = Readonly<{
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
      return {
        inside: () => familyOf((one) => one.parent === process.pid || isMarked(one, setup.mark), setup.kept),
        leave: () => {},
      };
  }
}

/** Of a namespace with its own /proc: everybody but its init and this process. */
function ownNamespace({ outside }: KeeperSetup): Enclosure {
  if (pidNamespace() === outside || process.ppid !== 1) throw new Error('not in a PID namespace of its own');
  if (livingProcesses().some(({ pid }) => pid !== 1 && pid !== process.pid))
    throw new Error('/proc is of another');
  return {
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
    inside: () => {
      const pids = new Set(processesOfCgroup(inner));
      return livingProcesses().filter(({ pid }) => pid !== process.pid && pids.has(pid));
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
