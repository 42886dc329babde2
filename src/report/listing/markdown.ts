/** A GitHub table. */
export function formatMarkdown(
  titles: readonly string[],
  aligns: readonly ('left' | 'right')[],
  cells: readonly (readonly string[])[],
): string {
  const rule = aligns.map((align) => (align === 'right' ? '---:' : '---'));
  return [titles.map(plain), rule, ...cells.map((row) => row.map(plain))]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('');
}

function plain(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
