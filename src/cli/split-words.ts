import { InputError } from '../../search-space/input-error.ts';

const PIECE = /'([^']*)'|"([^"]*)"|([^\s'"]+)|(\s+)|(.)/g;

/**
 * A command line as words: blanks part them, either quote keeps them together. Nothing is expanded and
 * no shell is asked. Throws InputError for a quote that does not end, and for no word at all.
 */
export function splitWords(field: string, text: string): readonly string[] {
  const words: string[] = [];
  let open = false;
  for (const [, single, double, bare, blank, stray] of text.matchAll(PIECE)) {
    if (stray !== undefined) throw new InputError(field, `the quote ${stray} does not end`);
    if (blank !== undefined) {
      open = false;
      continue;
    }
    const piece = single ?? double ?? bare;
    if (open) words[words.length - 1] += piece;
    else words.push(piece);
    open = true;
  }
  if (words.length === 0) throw new InputError(field, 'names no program');
  return words;
}
