/** RFC 4180, with line feeds. */
export function formatCsv(titles: readonly string[], cells: readonly (readonly string[])[]): string {
  return [titles, ...cells].map((row) => `${row.map(quote).join(',')}\n`).join('');
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
