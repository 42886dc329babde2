/** Comments, and texts and characters in quotes, in the order in which C finds them. What does not end goes as far as it can. */
const NO_CODE = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/g;

/** C without comments, texts and characters; each is replaced by blanks, so that places and lines stay. */
export function codeOf(text: string): string {
  return text.replaceAll(NO_CODE, (found) => found.replaceAll(/[^\n]/g, ' '));
}

/** The same without lines of the preprocessor, continued ones too. */
export function statementsOf(text: string): string {
  return codeOf(text).replaceAll(/^[ \t]*#(?:[^\n\\]|\\[\s\S])*/gm, (found) =>
    found.replaceAll(/[^\n]/g, ' '),
  );
}
