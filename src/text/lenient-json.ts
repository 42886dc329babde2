/** Words that Python writes for numbers and JSON lacks; strings are matched too, to leave them alone. */
const NO_NUMBERS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs;

/** Parses JSON with Python's extensions: NaN becomes null, Infinity stays infinite. Throws SyntaxError. */
export function parseLenientJson(text: string): unknown {
  const odd = text.includes('NaN') || text.includes('Infinity');
  return JSON.parse(odd ? text.replace(NO_NUMBERS, inJson) : text);
}

function inJson(found: string): string {
  if (found === 'NaN') return 'null';
  if (found === 'Infinity') return '1e999';
  return found === '-Infinity' ? '-1e999' : found;
}
