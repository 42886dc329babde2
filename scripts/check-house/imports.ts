import { dirname, join } from 'node:path/posix';
import type { Source } from './source.ts';

/** One import as it is written; `path` is the file that it means, where it is one of the house. */
export type Import = Readonly<{ from: string; specifier: string; path?: string }>;

const COMMENT_OR_STRING =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

/** Types count as much as values, and a worker's file as much as a module's. */
const WAYS_TO_IMPORT = [
  /^(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^import\s*['"]([^'"]+)['"]/gm,
  /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  /\bnew URL\(\s*['"](\.[^'"]+\.js)['"]\s*,\s*import\.meta\.url/g,
];

/** What a file imports, each specifier once. `paths` are all files of the house. */
export function importsOf({ path: from, text }: Source, paths: ReadonlySet<string>): readonly Import[] {
  const code = withoutComments(text);
  const found = WAYS_TO_IMPORT.flatMap((way) => [...code.matchAll(way)].map(([, specifier]) => specifier));
  return [...new Set(found)].map((specifier) => {
    const path = specifier.startsWith('.') ? fileMeant(join(dirname(from), specifier), paths) : undefined;
    return { from, specifier, ...(path !== undefined && { path }) };
  });
}

export function withoutComments(text: string): string {
  return text.replace(COMMENT_OR_STRING, (found) => (found.startsWith('/') ? '' : found));
}

/** A worker is named as it will be called when it is built: .js for .ts. */
function fileMeant(path: string, paths: ReadonlySet<string>): string {
  const typed = path.replace(/\.js$/, '.ts');
  return !paths.has(path) && paths.has(typed) ? typed : path;
}
