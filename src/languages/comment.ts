import { oneLine } from './visible.ts';

/**
 * A comment of one line for languages that begin one with `#`. make would join a line that ends in a
 * backslash with the next, and Python would take `coding: …` as the encoding of the file.
 */
export function hashComment(text: string): string {
  const line = `# ${oneLine(text)}`.trimEnd();
  return line.replaceAll(/coding([:=])/g, 'coding $1').replace(/\\$/, '\\ .');
}
