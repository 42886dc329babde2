const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar `columns` wide, drawn to an eighth of a column. */
export function bar(columns: number): string {
  const eighths = Math.round(Math.max(0, columns) * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
