import { oneLine } from './visible.ts';

/** A table of GitHub Markdown. Cells must be escaped already (`markdownText`, `markdownCode`). */
export function markdownTable(
  titles: readonly string[],
  aligns: readonly ('left' | 'right')[],
  cells: readonly (readonly string[])[],
): string {
  const rule = aligns.map((align) => (align === 'right' ? '---:' : '---'));
  return [titles, rule, ...cells].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/**
 * Escapes a text within a line: it cannot become markup, a link, an HTML element or a new line.
 * (GitHub links e-mail addresses in spite of any escape; such a link opens no page.)
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*[\]<>#|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll(/(?<=https?|ftp):/gi, '&#58;')
    .replaceAll(/(?<=\bwww)\./gi, '&#46;');
}

/** A text as inline code; `inTable` escapes bars, which would end the cell. */
export function markdownCode(text: string, where: 'inText' | 'inTable' = 'inText'): string {
  const line = oneLine(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  const blank = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${blank}${where === 'inTable' ? line.replaceAll('|', '\\|') : line}${blank}${fence}`;
}

/** A code block; its lines cannot end it. */
export function markdownBlock(lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [fence, ...lines.map((line) => oneLine(line)), fence].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
