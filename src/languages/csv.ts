import { visible } from './visible.ts';

/** RFC 4180, with line feeds. */
export function formatCsv(titles: readonly string[], cells: readonly (readonly string[])[]): string {
  return [titles, ...cells].map((row) => `${row.map(cellText).join(',')}\n`).join('');
}

/** What spreadsheets take for a formula, however wide its characters are; a number or a lone sign is none. */
const FORMULA = /^\s*[=+\-@＝＋－＠]./u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** An apostrophe before what would be a formula makes it a text. */
function cellText(cell: string): string {
  const text = visible(cell);
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
