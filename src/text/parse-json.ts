/** Python writes these where a number is none; JSON has no such words. */
const NO_NUMBERS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs;

/**
 * JSON as others write it: NaN becomes null, Infinity stays infinite. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  const odd = text.includes('NaN') || text.includes('Infinity');
  return JSON.parse(odd ? text.replace(NO_NUMBERS, inJson) : text);
}

function inJson(found: string): string {
  if (found === 'NaN') return 'null';
  if (found === 'Infinity') return '1e999';
  return found === '-Infinity' ? '-1e999' : found;
}

/** How deep brackets are nested at most, whatever else the text holds; one look at each character. */
export function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}

/** Where the quote stands that closes the one at `from`. */
function endOfText(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
