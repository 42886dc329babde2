import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { Keeper } from '../programs/keeper/keeper.ts';

/** A C compiler of this machine, and what it says of itself in the first line of `--version`. */
export type Compiler = Readonly<{ words: readonly string[]; version: string }>;

/** Long enough for a compiler on a slow disk. */
const ANSWER_MS = 20_000;

/** The compilers that are looked for: the environment's CC, or else the system's. */
export function compilerNames(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const own = environment.CC?.trim() ?? '';
  return own === '' ? ['cc', 'gcc', 'clang'] : [own];
}

/**
 * The first of some command lines that is a compiler; undefined where none is. Each is asked under a keeper, which ends
 * all that a script has started, also if it never answers.
 */
export async function findCompiler(
  names: readonly string[],
  answerMs = ANSWER_MS,
): Promise<Compiler | undefined> {
  const keeper = new Keeper({ mark: `compiler-${randomUUID()}`, kept: [] });
  try {
    for (const name of names) {
      const words = wordsOf(name);
      const version = await versionOf(keeper, words, answerMs);
      if (version !== undefined) return { words, version };
    }
    return undefined;
  } finally {
    await keeper.close();
  }
}

/** A command line's words, of which the first may be a path with blanks: the longest beginning that is a file. */
function wordsOf(name: string): readonly string[] {
  const ends = [...name.matchAll(/\s+|$/g)].map(({ index }) => index);
  const end = ends.findLast((place) => isFile(name.slice(0, place)));
  if (end === undefined) return name.split(/\s+/);
  return [name.slice(0, end), ...name.slice(end).split(/\s+/).filter(Boolean)];
}

function isFile(path: string): boolean {
  return path.includes('/') && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
}

async function versionOf(
  keeper: Keeper,
  words: readonly string[],
  answerMs: number,
): Promise<string | undefined> {
  const asked = await keeper.execute([...words, '--version'], answerMs, new AbortController().signal);
  if (asked.state !== 'exited' || asked.code !== 0) return undefined;
  const [first] = asked.output.split('\n');
  return first === '' ? undefined : first.slice(0, 200);
}
