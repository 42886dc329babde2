import { element, escapeText } from '../../languages/markup.ts';
import { FIGURE_STYLE } from './style.ts';

/** A finished drawing. `id` is unique in a report, and the name of its file in Markdown reports. */
export type Figure = Readonly<{
  id: string;
  title: string;
  /** What it shows, in words, for screen readers. */
  description: string;
  width: number;
  height: number;
  /** Markup within the svg element. */
  body: string;
}>;

/** For a page that includes FIGURE_STYLE. */
export function inlineSvg(figure: Figure): string {
  return svg(figure, '');
}

/** For a file of its own, in light and in dark. */
export function standaloneSvg(figure: Figure): string {
  return `${svg(figure, element('style', {}, FIGURE_STYLE))}\n`;
}

/** An upper estimate of a character's width, in pixels: text is not measured here. */
export const TEXT_WIDTH = 6.9;

/** Figures wider than this scroll on a phone; others are scaled down. */
const WIDE = 500;

function svg({ id, title, description, width, height, body }: Figure, style: string): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      class: width > WIDE ? 'figure wide' : 'figure',
    },
    element('title', { id: `${id}-title` }, escapeText(title)),
    element('desc', { id: `${id}-desc` }, escapeText(description)),
    style,
    body,
  );
}
