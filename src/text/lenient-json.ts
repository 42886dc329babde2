/** Python writes these where a number is none; JSON has no such words. */
const NO_NUMBERS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs;

/** JSON as others write it: NaN becomes null, Infinity stays infinite. Throws SyntaxError. */
export function parseLenientJson(text: string): unknown {
  const odd = text.includes('NaN') || text.includes('Infinity');
  return JSON.parse(odd ? text.replace(NO_NUMBERS, inJson) : text);
}

function inJson(found: string): string {
  if (found === 'NaN') return 'null';
  if (found === 'Infinity') return '1e999';
  return found === '-Infinity' ? '-1e999' : found;
}
