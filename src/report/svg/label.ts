import { element, escapeText } from '../../languages/markup.ts';

/** A label; `anchor` is the part of it that is placed at x. */
export function label(
  x: number,
  y: number,
  words: string,
  { anchor = 'start', kind = 'label' }: Readonly<{ anchor?: 'start' | 'middle' | 'end'; kind?: string }> = {},
): string {
  return element('text', { x, y, 'text-anchor': anchor, class: kind }, escapeText(words));
}
