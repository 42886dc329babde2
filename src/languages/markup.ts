import { visibleLines } from './visible.ts';

/**
 * Escapes text for an element’s content or an attribute, in HTML and in SVG. Invisible characters
 * are spelled out, because XML forbids most of them.
 */
export function escapeText(text: string): string {
  return visibleLines(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = Object.freeze({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
});

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element whose children are markup. Undefined attributes are left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${escapeText(typeof value === 'number' ? rounded(value) : String(value))}"`,
    )
    .join('');
  const inside = children.join('');
  return inside === '' && VOID.has(name) ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

const VOID = new Set(['line', 'rect', 'circle', 'path', 'polyline', 'polygon']);

/** Rounds to a hundredth of a pixel, so that files are small and equal on every machine. */
function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
