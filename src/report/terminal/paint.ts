import { visibleLines } from '../../languages/visible.ts';

/** Adds terminal colours to text, or returns it unchanged. */
export type Paint = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

const CODES = Object.freeze({
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
});

const same = (text: string): string => text;
const wrap =
  ([on, off]: readonly number[]) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

export const plain: Paint = Object.freeze({
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  blue: same,
  magenta: same,
  cyan: same,
});

export const ansi: Paint = Object.freeze({
  bold: wrap(CODES.bold),
  dim: wrap(CODES.dim),
  red: wrap(CODES.red),
  green: wrap(CODES.green),
  yellow: wrap(CODES.yellow),
  blue: wrap(CODES.blue),
  magenta: wrap(CODES.magenta),
  cyan: wrap(CODES.cyan),
});

/** Keeps nightshift's own colour codes (none without colours), and escapes all other control characters. */
export function onlyOurs(text: string, paint: Paint): string {
  if (paint === plain) return visibleLines(text);
  return text
    .split(OURS)
    .map((piece, place) => (place % 2 === 0 ? visibleLines(piece) : piece))
    .join('');
}

const OURS = new RegExp(`(\\u001b\\[(?:${[...new Set(Object.values(CODES).flat())].join('|')})m)`);

export function paintFor(colours: boolean): Paint {
  return colours ? ansi : plain;
}
