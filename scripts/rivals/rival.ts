import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Case, shapeName } from './case.ts';

/** Another implementation of the kernels, which runs in its own processes. */
export type Rival = Readonly<{ name: string; start(): Promise<Opponent>; close(): void }>;

/** A process of a rival; the placement of its data in memory differs between processes. */
export type Opponent = Readonly<{
  /** The microseconds per call of one sample; undefined for a kernel that the rival lacks. */
  sample(of: Case): Promise<number | undefined>;
  end(): void;
}>;

/** A source in `programs/`, and how a rival is made of it. */
export type RivalSource = Readonly<{
  name: string;
  compiler: string;
  file: string;
  /** Words before and after the file. */
  flags: readonly string[];
  libraries?: readonly string[];
  threads?: number;
  environment?: Readonly<Record<string, string>>;
}>;

/** The compiled rival, or the reason why there is none. */
export function compiledRival(source: RivalSource): Rival | string {
  const { name, compiler, file, flags, libraries = [], threads = 1, environment = {} } = source;
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, 'rival');
  const path = fileURLToPath(new URL(`./programs/${file}`, import.meta.url));
  try {
    const words = [...flags, path, '-o', program, ...libraries, '-lm'];
    execFileSync(compiler, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    close();
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n').slice(-2);
    return `${name} is left out: ${compiler} makes no program of ${file}: ${reason}`;
  }
  const env = { ...process.env, ...environment };
  const start = async (): Promise<Opponent> =>
    talkTo(name, spawn(program, [String(threads)], { stdio: ['pipe', 'pipe', 'ignore'], env }));
  return { name, start, close };
}

/** The rivals that there are, and why others are not. */
export function compiledOnes(made: readonly (Rival | string)[]): {
  rivals: readonly Rival[];
  notes: readonly string[];
} {
  return {
    rivals: made.filter((one) => typeof one !== 'string'),
    notes: made.filter((one) => typeof one === 'string'),
  };
}

/** Wraps a process that answers each line "kernel a b c" with microseconds, or with "none". */
export function talkTo(name: string, child: ChildProcessByStdio<Writable, Readable, null>): Opponent {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    sample: async (of) => {
      child.stdin.write(`${of.kernel} ${shapeName(of).replaceAll('x', ' ')}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended during ${of.kernel}`);
      return value === 'none' ? undefined : Number(value);
    },
    end: () => void child.kill(),
  };
}
