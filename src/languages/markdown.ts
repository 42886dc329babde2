import { oneLine } from './visible.ts';

/** A GitHub table of Markdown: cells are `markdownText`, or what stands in them has been made so. */
export function markdownTable(
  titles: readonly string[],
  aligns: readonly ('left' | 'right')[],
  cells: readonly (readonly string[])[],
): string {
  const rule = aligns.map((align) => (align === 'right' ? '---:' : '---'));
  return [titles, rule, ...cells].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/**
 * A text from elsewhere within a line, as itself: no markup, no link, no element, no line of its own.
 * (GitHub makes a link of an address of e-mail whatever is done; it leads to nobody's page.)
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*[\]<>#|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll(/(?<=https?|ftp):/gi, '&#58;')
    .replaceAll(/(?<=\bwww)\./gi, '&#46;');
}

/** A text as code, `inTable` where a bar would end the cell. */
export function markdownCode(text: string, where: 'inText' | 'inTable' = 'inText'): string {
  const line = oneLine(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  const blank = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${blank}${where === 'inTable' ? line.replaceAll('|', '\\|') : line}${blank}${fence}`;
}

/** Lines of code as a block; nothing in them ends it. */
export function markdownBlock(lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [fence, ...lines.map((line) => oneLine(line)), fence].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
