import { element, escapeText } from '../../languages/markup.ts';
import { type Figure, inlineSvg } from '../svg/figure.ts';

export type HtmlColumn = Readonly<{ title: string; isNumber?: boolean; isLong?: boolean }>;

/** Cells are markup. The first cell of a row is marked as its header, for screen readers. */
export function table(
  caption: string,
  columns: readonly HtmlColumn[],
  rows: readonly (readonly (string | Cell)[])[],
): string {
  const head = columns.map((column) =>
    element('th', { scope: 'col', class: classesOf(column) }, escapeText(column.title)),
  );
  const body = rows.map((row) =>
    element(
      'tr',
      {},
      ...row.map((cell, place) => {
        const { markup, kind } = typeof cell === 'string' ? { markup: cell, kind: '' } : cell;
        const classes = classesOf(columns[place], kind);
        return place === 0
          ? element('th', { scope: 'row', class: classes }, markup)
          : element('td', { class: classes }, markup);
      }),
    ),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, escapeText(caption)),
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...body),
    ),
  );
}

function classesOf({ isNumber, isLong }: HtmlColumn, kind = ''): string | undefined {
  return [isNumber ? 'n' : '', isLong ? 'w' : '', kind].filter(Boolean).join(' ') || undefined;
}

export type Cell = Readonly<{ markup: string; kind: string }>;

/** The same twice, of which a narrow page shows the second. */
export function eitherFigure(wide: Figure, narrow: Figure): string {
  return [wide, narrow]
    .map((drawn) =>
      element(
        'figure',
        { class: drawn === wide ? 'on-wide' : 'on-narrow' },
        element('figcaption', {}, escapeText(drawn.title)),
        inlineSvg(drawn),
      ),
    )
    .join('');
}

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
  return text === '' ? '' : element('p', { class: kind }, escapeText(text));
}
