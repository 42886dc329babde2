/** Words that Python and C write for numbers and JSON lacks; strings are matched too, to leave them alone. */
const NO_NUMBERS = /"(?:[^"\\]|\\.)*"|(-?)\b(?:(inf(?:inity)?)|nan(?:\(\w*\))?)(?![\w(])/gis;

/** Parses JSON with the extensions of Python and C: NaN becomes null, infinity stays infinite. Throws SyntaxError. */
export function parseLenientJson(text: string): unknown {
  return JSON.parse(/nan|inf/i.test(text) ? text.replace(NO_NUMBERS, inJson) : text);
}

function inJson(found: string, sign = '', infinite: string | undefined = undefined): string {
  if (found.startsWith('"')) return found;
  return infinite === undefined ? 'null' : `${sign}1e999`;
}
