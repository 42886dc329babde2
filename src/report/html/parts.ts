import { element, escapeText } from '../../languages/markup.ts';
import { type Figure, inlineSvg } from '../svg/figure.ts';

export type HtmlColumn = Readonly<{ title: string; isNumber?: boolean; isLong?: boolean }>;

/** With more columns than this a table has no room on a phone: its rows are cards there. */
const MOST_COLUMNS = 4;

/**
 * Cells are markup. The first cell of a row is marked as its header, for screen readers. Roles are stated, because cells that
 * are laid out as a card have none of their own.
 */
export function table(
  caption: string,
  columns: readonly HtmlColumn[],
  rows: readonly (readonly (string | Cell)[])[],
): string {
  const head = columns.map((column) =>
    element('th', { scope: 'col', role: 'columnheader', class: classesOf(column) }, escapeText(column.title)),
  );
  const body = rows.map((row) =>
    element(
      'tr',
      { role: 'row' },
      ...row.map((cell, place) => {
        const { markup, kind } = typeof cell === 'string' ? { markup: cell, kind: '' } : cell;
        const classes = classesOf(columns[place], kind);
        const { title } = columns[place];
        return place === 0
          ? element('th', { scope: 'row', role: 'rowheader', class: classes }, markup)
          : element('td', { role: 'cell', class: classes, 'data-title': title }, markup);
      }),
    ),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element(
      'table',
      { role: 'table', class: columns.length > MOST_COLUMNS ? 'stacked' : undefined },
      element('caption', {}, escapeText(caption)),
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...head)),
      element('tbody', { role: 'rowgroup' }, ...body),
    ),
  );
}

function classesOf({ isNumber, isLong }: HtmlColumn, kind = ''): string | undefined {
  return [isNumber ? 'n' : '', isLong ? 'w' : '', kind].filter(Boolean).join(' ') || undefined;
}

export type Cell = Readonly<{ markup: string; kind: string }>;

export function figure(drawn: Figure | undefined): string {
  if (drawn === undefined) return '';
  return element('figure', {}, element('figcaption', {}, escapeText(drawn.title)), inlineSvg(drawn));
}

/** A text as markup that may be broken after the signs that join the words of a long name. */
export function breakable(text: string): string {
  return escapeText(text).replaceAll(/[_/]/g, '$&<wbr/>');
}

/** Nothing for an empty text. */
export function paragraph(text: string, kind?: string): string {
  return text === '' ? '' : element('p', { class: kind }, prose(text));
}

/** Sentences as markup: what stands between backticks is code, and no line ends between a number and its unit. */
export function prose(text: string): string {
  return escapeText(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/(?<=\d) (?=(?:%|µs|ms|s)(?!\p{L}))/gu, '&#160;');
}
