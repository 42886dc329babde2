import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Case, shapeName } from './cases.ts';

/** Another implementation of the kernels, which runs in its own processes. */
export type Rival = Readonly<{ name: string; start(): Promise<Opponent>; close(): void }>;

/** A process of a rival; the placement of its data in memory differs between processes. */
export type Opponent = Readonly<{
  /** The microseconds per call of one sample. */
  sample(of: Case): Promise<number>;
  end(): void;
}>;

const MACHINES = ['-msse4.2', '-march=native'];
const FUNCTIONS = [
  { name: 'libm', flags: [] },
  { name: 'polynomial', flags: ['-DPOLYNOMIAL'] },
];

/** The C kernels under each set of flags, or the reason why there are none. */
export function gccRivals(): readonly Rival[] | string {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'gcc is not on this machine: no comparison with C';
  }
  return MACHINES.flatMap((machine) =>
    FUNCTIONS.map(({ name, flags }) => compiled(`gcc ${machine} ${name}`, [machine, ...flags])),
  );
}

/** A rival that, for every case, streams its number of elements, out = x + 3·y, in C compiled for this machine. */
const TRIAD = 'triad';

export function triadLimit(): Rival {
  const rival = compiled(TRIAD, ['-march=native']);
  const start = async () => {
    const process = await rival.start();
    return { ...process, sample: (of: Case) => process.sample({ ...of, kernel: TRIAD }) };
  };
  return { ...rival, start };
}

function compiled(name: string, flags: readonly string[]): Rival {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  const program = join(folder, 'rival');
  const source = fileURLToPath(new URL('./rivals.c', import.meta.url));
  execFileSync('gcc', ['-O3', '-ffast-math', ...flags, source, '-o', program, '-lm']);
  return {
    name,
    start: async () => talkTo(name, spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function tfjsRival(): Rival {
  const name = 'tfjs-wasm';
  const script = fileURLToPath(new URL('./tfjs.js', import.meta.url));
  const start = async () =>
    talkTo(name, spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] }));
  return { name, start, close: () => {} };
}

/** Wraps a process that answers each line "kernel a b c" with microseconds. */
function talkTo(name: string, child: ChildProcessByStdio<Writable, Readable, null>): Opponent {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    sample: async (of) => {
      child.stdin.write(`${of.kernel} ${shapeName(of).replaceAll('x', ' ')}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended during ${of.kernel}`);
      return Number(value);
    },
    end: () => void child.kill(),
  };
}
