import { oneLine } from './visible.ts';

/** A comment of one line for MLIR, in which `//` starts one and nothing goes on in the next line. */
export function slashComment(text: string): string {
  return `// ${oneLine(text)}`.trimEnd();
}

/**
 * A comment of one line for languages in which `#` starts one. Escapes a final backslash, at which make
 * would join the next line, and `coding: …`, which Python would read as the file's encoding.
 */
export function hashComment(text: string): string {
  const line = `# ${oneLine(text)}`.trimEnd();
  return line.replaceAll(/coding([:=])/g, 'coding $1').replace(/\\$/, '\\ .');
}
