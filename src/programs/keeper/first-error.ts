/** As compilers and linkers name errors: `x.c:3: error: …`, `error[E0308]: …`, `undefined reference to …`, a full disk. */
const ERROR = /\berror\b\s*[:[]|\bundefined (?:reference|symbol)|\bNo space left on device\b/i;
const MOST_CHARACTERS = 300;

/** The first line that names an error, trimmed; empty if there is none. */
export function firstErrorIn(text: string): string {
  const line = text.split('\n').find((one) => ERROR.test(one)) ?? '';
  return line.trim().slice(0, MOST_CHARACTERS);
}
