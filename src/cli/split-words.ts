import { InputError } from '../../search-space/input-error.ts';

const WORD = /((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)(?:\s+|$)/gsy;

/**
 * Splits a command line into words: blanks separate words, quotes keep them together, a backslash takes
 * the next character literally (not within single quotes). Nothing is expanded and no shell is involved.
 * Throws InputError for a quote that does not end, and if there is no word.
 */
export function splitWords(field: string, text: string): readonly string[] {
  const line = text.trim();
  if (line === '') throw new InputError(field, 'names no program');
  const found = [...line.matchAll(WORD)];
  const length = found.reduce((sum, [part]) => sum + part.length, 0);
  if (length === line.length) return found.map(([, word]) => unquoted(word));
  throw new InputError(
    field,
    `'${text}' has a quote that does not end`,
    'close it, or write \\" for a quote',
  );
}

function unquoted(word: string): string {
  return word.replaceAll(
    /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
    (_, escaped?: string, double?: string, single?: string) =>
      escaped ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? single ?? '',
  );
}
