import { dirname, join } from 'node:path/posix';
import type { Source } from './source.ts';

/** An import as written. `path` is the imported file if it is in the repository. */
export type Import = Readonly<{ from: string; specifier: string; path?: string }>;

const COMMENT_OR_STRING =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

/** Imports of types count, and so do files of workers. */
const WAYS_TO_IMPORT = [
  /^(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^import\s*['"]([^'"]+)['"]/gm,
  /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  /\bnew URL\(\s*['"](\.[^'"]+\.js)['"]\s*,\s*import\.meta\.url/g,
];

/** The imports of a file, each specifier once. `paths` are all files of the repository. */
export function importsOf({ path: from, text }: Source, paths: ReadonlySet<string>): readonly Import[] {
  const code = withoutComments(text);
  const found = WAYS_TO_IMPORT.flatMap((way) => [...code.matchAll(way)].map(([, specifier]) => specifier));
  return [...new Set(found)].map((specifier) => {
    const path = specifier.startsWith('.') ? sourceFile(join(dirname(from), specifier), paths) : undefined;
    return { from, specifier, ...(path !== undefined && { path }) };
  });
}

export function withoutComments(text: string): string {
  return text.replace(COMMENT_OR_STRING, (found) => (found.startsWith('/') ? '' : found));
}

/** The source file of a path; workers are imported by their compiled name, .js for .ts. */
function sourceFile(path: string, paths: ReadonlySet<string>): string {
  const typed = path.replace(/\.js$/, '.ts');
  return !paths.has(path) && paths.has(typed) ? typed : path;
}
