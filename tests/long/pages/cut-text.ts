/**
 * Runs in the page: the texts of it that a reader cannot see whole, though they neither end in an ellipsis nor can be
 * scrolled to. Each as what holds it, and its words.
 */
export function cutTexts(): readonly string[] {
  const SLACK = 1.5;
  const scrolls = (style: CSSStyleDeclaration, axis: 'X' | 'Y'): boolean =>
    /auto|scroll/.test(axis === 'X' ? style.overflowX : style.overflowY);
  const hidden = (element: Element): boolean =>
    element.closest('.unseen, .skip, title, desc, option, dialog:not([open]), [hidden]') !== null;
  /** The edges within which what lies in `element` shows. Where it scrolls there is no edge. */
  function edges(element: Element): Readonly<{ left: number; right: number; top: number; bottom: number }> {
    let [left, right, top, bottom] = [0, innerWidth, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    let isFree = { x: false, y: false };
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      isFree = { x: isFree.x || scrolls(style, 'X'), y: isFree.y || scrolls(style, 'Y') };
      const clips = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
      const isDrawing = at instanceof SVGSVGElement && at.parentElement?.closest('svg') === null;
      if (!isFree.x && (clips(style.overflowX) || isDrawing)) {
        if (style.textOverflow === 'ellipsis') return { left: -1e9, right: 1e9, top: -1e9, bottom: 1e9 };
        [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      }
      if (!isFree.y && (clips(style.overflowY) || isDrawing))
        [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    return isFree.x ? { left: -1e9, right: 1e9, top, bottom } : { left, right, top, bottom };
  }
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (holder === null || node.textContent?.trim() === '' || hidden(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const inside = edges(holder);
    const isCut = [...range.getClientRects()].some(
      ({ left, right, top, bottom, width }) =>
        width > 0 &&
        (left < inside.left - SLACK ||
          right > inside.right + SLACK ||
          top < inside.top - 4 ||
          bottom > inside.bottom + 4),
    );
    if (isCut)
      found.push(
        `${holder.tagName.toLowerCase()}.${holder.getAttribute('class') ?? ''}: ${node.textContent}`,
      );
  }
  return found;
}
