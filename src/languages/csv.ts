import { visible } from './visible.ts';

/** RFC 4180, with line feeds. */
export function formatCsv(titles: readonly string[], cells: readonly (readonly string[])[]): string {
  return [titles, ...cells].map((row) => `${row.map(cellText).join(',')}\n`).join('');
}

/** Cells that spreadsheets read as a formula, full-width signs included. A number or a lone sign is not one. */
const FORMULA = /^\s*[=+\-@＝＋－＠]./u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** An apostrophe in front makes a spreadsheet read a formula as text. */
function cellText(cell: string): string {
  const text = visible(cell);
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
