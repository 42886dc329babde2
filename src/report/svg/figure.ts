import { element, escapeText } from '../../languages/markup.ts';
import { FIGURE_STYLE } from './style.ts';

/** Markup within an svg element, and its size in pixels. */
type Drawing = Readonly<{ width: number; height: number; body: string }>;

/** A finished drawing. `id` is unique in a report, and the name of its file in Markdown reports. */
export type Figure = Drawing &
  Readonly<{
    id: string;
    title: string;
    /** What it shows, in words, for screen readers. */
    description: string;
    /** The same laid out for a phone, where it would be too small otherwise. */
    narrow?: Drawing;
  }>;

/** For what page something is drawn. */
export type PageWidth = 'wide' | 'narrow';

/** A figure of which a page shows what has room. */
export function forBothWidths(draw: (page: PageWidth) => Figure): Figure {
  const { width, height, body } = draw('narrow');
  return { ...draw('wide'), narrow: { width, height, body } };
}

/** For a page that includes FIGURE_STYLE, which shows one of the two forms. */
export function inlineSvg(figure: Figure): string {
  const { narrow } = figure;
  if (narrow === undefined) return svg(figure, '', 'figure');
  const small = { ...figure, ...narrow, id: `${figure.id}-narrow` };
  return svg(figure, '', 'figure on-wide') + svg(small, '', 'figure on-narrow');
}

/** For a file of its own, in light and in dark. */
export function standaloneSvg(figure: Figure): string {
  return `${svg(figure, element('style', {}, FIGURE_STYLE), 'figure')}\n`;
}

/** An upper estimate of a character's width, in pixels: text is not measured here. */
export const TEXT_WIDTH = 6.9;

function svg({ id, title, description, width, height, body }: Figure, style: string, kind: string): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      class: kind,
    },
    element('title', { id: `${id}-title` }, escapeText(title)),
    element('desc', { id: `${id}-desc` }, escapeText(description)),
    style,
    body,
  );
}
