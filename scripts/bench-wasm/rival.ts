import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Case, shapeName } from './cases.ts';

/** Something else that computes the same, in a process of its own. */
export type Rival = Readonly<{
  name: string;
  /** Microseconds a call, of one sample. */
  sample(of: Case): Promise<number>;
  close(): void;
}>;

const MACHINES = ['-msse4.2', '-march=native'];
const FUNCTIONS = [
  { name: 'libm', flags: [] },
  { name: 'polynomial', flags: ['-DPOLYNOMIAL'] },
];

/** The C kernels under each set of flags, or why there are none. */
export function gccRivals(): readonly Rival[] | string {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'gcc is not on this machine: no comparison with C';
  }
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  const source = fileURLToPath(new URL('./rivals.c', import.meta.url));
  const rivals = MACHINES.flatMap((machine) =>
    FUNCTIONS.map(({ name, flags }) => {
      const program = join(folder, `rival${machine}-${name}`);
      execFileSync('gcc', ['-O3', '-ffast-math', machine, ...flags, source, '-o', program, '-lm']);
      return talkTo(`gcc ${machine} ${name}`, spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] }));
    }),
  );
  const last = rivals[rivals.length - 1];
  const close = () => {
    last.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return [...rivals.slice(0, -1), { ...last, close }];
}

export function tfjsRival(): Rival {
  const script = fileURLToPath(new URL('./tfjs.js', import.meta.url));
  return talkTo('tfjs-wasm', spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] }));
}

/** A process that answers each line "kernel a b c" with microseconds. */
function talkTo(name: string, child: ChildProcess): Rival {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    name,
    sample: async (of) => {
      child.stdin!.write(`${of.kernel} ${shapeName(of).replaceAll('x', ' ')}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended during ${of.kernel}`);
      return Number(value);
    },
    close: () => void child.kill(),
  };
}
