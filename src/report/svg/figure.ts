import { element, escapeText } from '../../languages/markup.ts';
import { FIGURE_STYLE } from './style.ts';

/** A finished drawing. `id` is unique in a report and names its file where figures are files. */
export type Figure = Readonly<{
  id: string;
  title: string;
  /** What it shows, in words, for those who cannot see it. */
  description: string;
  width: number;
  height: number;
  /** Markup within the svg element. */
  body: string;
}>;

/** For a page that has FIGURE_STYLE itself. */
export function inlineSvg(figure: Figure): string {
  return svg(figure, '');
}

/** A file of its own, readable in dark and in light. */
export function standaloneSvg(figure: Figure): string {
  return `${svg(figure, element('style', {}, FIGURE_STYLE))}\n`;
}

/** Figures wider than this are scrolled on a phone; others are made smaller. */
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
