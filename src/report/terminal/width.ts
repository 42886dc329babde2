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

/** Wraps words, joined by `glue`, into lines of at most `columns`, each after `indent`; those after the first after `hanging`. */
export function flow(
  words: readonly string[],
  columns: number,
  indent: string,
  glue: string,
  hanging: string = indent,
): string {
  const lines: string[] = [];
  let line = '';
  const before = (): string => (lines.length === 0 ? indent : hanging);
  for (const word of words) {
    const longer = line === '' ? word : line + glue + word;
    if (line !== '' && width(before()) + width(longer.trimEnd()) > columns) {
      lines.push(before() + line.trimEnd());
      line = word;
    } else line = longer;
  }
  return [...lines, before() + line].join('\n');
}

/** Where a line may be broken: not before a unit, and not within "[1.05, 1.09]". */
const BREAK = / (?=\S)(?!(?:µs|ms|s|%|×|min|h)(?![\p{L}]))(?![^[\]]{0,24}\])/u;
/** What later lines of a wrapped one begin with. */
const HANGING = '  ';

/** A text in lines of at most `columns`, each with its line feed; a number and its unit stay together. Nothing for no text. */
export function wrapped(text: string, columns: number): string {
  return text === '' ? '' : `${flow(text.split(BREAK), columns, '', ' ', HANGING)}\n`;
}

/** Where a name that is longer than a line may be broken: behind what joins its parts. */
const JOINT = /(?<=[_/,.])(?=.)/u;

/** A word that is longer than a line, in several, at the joints of its parts where it has any. */
function cutLong(line: string, columns: number, hanging: string): string {
  if (width(line) <= columns) return line;
  return flow(line.split(JOINT), columns, '', '', hanging);
}

/** A drawn text whose longer lines are wrapped at the ends of words, as a terminal would break them anywhere. */
export function folded(drawn: string, columns: number): string {
  return drawn
    .split('\n')
    .map((line) => {
      if (width(line) <= columns) return line;
      const [indent] = /^ */.exec(line) ?? [''];
      const hanging = indent + HANGING;
      return flow(line.trimStart().split(BREAK), columns, indent, ' ', hanging)
        .split('\n')
        .map((each) => cutLong(each, columns, hanging))
        .join('\n');
    })
    .join('\n');
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
