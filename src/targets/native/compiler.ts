import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programEnvironment } from '../../programs/program-environment.ts';

const execute = promisify(execFile);

/** A C compiler of this machine, and what it says of itself in the first line of `--version`. */
export type Compiler = Readonly<{ words: readonly string[]; version: string }>;

/** Long enough for a compiler on a slow disk. */
const ANSWER_MS = 20_000;

/** The compilers that are looked for: the environment's CC, or else the system's. */
export function compilerNames(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const own = environment.CC?.trim() ?? '';
  return own === '' ? ['cc', 'gcc', 'clang'] : [own];
}

/** The first of some command lines that is a compiler; undefined where none is. */
export async function findCompiler(
  names: readonly string[],
  answerMs = ANSWER_MS,
): Promise<Compiler | undefined> {
  for (const name of names) {
    const words = name.split(/\s+/);
    const version = await versionOf(words, answerMs);
    if (version !== undefined) return { words, version };
  }
  return undefined;
}

/** A script may ignore SIGTERM. */
async function versionOf(
  [program, ...words]: readonly string[],
  answerMs: number,
): Promise<string | undefined> {
  try {
    const { stdout } = await execute(program, [...words, '--version'], {
      timeout: answerMs,
      killSignal: 'SIGKILL',
      env: programEnvironment(),
    });
    const [first] = stdout.split('\n');
    return first === '' ? undefined : first.slice(0, 200);
  } catch {
    return undefined;
  }
}
