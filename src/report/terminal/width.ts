export type Align = 'left' | 'right';

/** The columns of a text on a terminal, without its escape sequences. (Wide glyphs are not used.) */
export function width(text: string): number {
  return [...text.replaceAll(ESCAPES, '')].length;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const ESCAPES = /\u001b\[[0-9;]*m/g;

export function pad(text: string, columns: number, align: Align = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** Wraps words, joined by `glue`, into lines of at most `columns`, each after `indent`. */
export function flow(words: readonly string[], columns: number, indent: string, glue: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : line + glue + word;
    if (line !== '' && width(indent) + width(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((text) => indent + text).join('\n');
}

/** A text in lines of at most `columns`, each with its line feed; a number and its unit stay together. Nothing for no text. */
export function wrapped(text: string, columns: number): string {
  if (text === '') return '';
  return `${flow(text.split(/ (?!(?:µs|ms|s|%|×|min|h)(?![\p{L}]))/u), columns, '', ' ')}\n`;
}

/** Cuts a text to `columns`; escape sequences are kept. */
export function clip(text: string, columns: number): string {
  let left = columns;
  return text.replace(EITHER, (piece) => {
    if (piece.length > 1 && piece.startsWith('\u001b')) return piece;
    left -= 1;
    return left >= 0 ? piece : '';
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const EITHER = /\u001b\[[0-9;]*m|./gu;
