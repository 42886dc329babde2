/**
 * Runs in the page: what is drawn over something else, reaches beyond its cell, needs scrolling on a phone though it is laid
 * out for one, or is broken within a word. Each as a few words.
 */
export function crowded(): readonly string[] {
  const found: string[] = [];
  const isSeen = (element: Element): boolean => element.getClientRects().length > 0;
  const wordsOf = (element: Element): string => element.textContent?.trim().slice(0, 40) ?? '';

  const touches = (a: DOMRect, b: DOMRect): boolean =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  for (const svg of document.querySelectorAll('svg')) {
    if (!isSeen(svg) || svg.closest('.plane, .parallel, .heat')) continue;
    const edge = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map(
      (text) => [text, text.getBoundingClientRect()] as const,
    );
    texts.forEach(([one, box], place) => {
      const free = svg.closest('.timeline') === null ? -1 : 4;
      if (box.left < edge.left + free || box.right > edge.right + 1)
        found.push(`“${wordsOf(one)}” reaches the edge of its drawing`);
      const tile = one.matches('[pointer-events=none]') ? one.previousElementSibling : null;
      if (tile?.hasAttribute('data-tile') && box.width > tile.getBoundingClientRect().width)
        found.push(`the number “${wordsOf(one)}” is wider than its tile`);
      for (const [other, its] of texts.slice(place + 1))
        if (touches(box, its)) found.push(`“${wordsOf(one)}” and “${wordsOf(other)}” overlap`);
      for (const band of svg.querySelectorAll('.links polygon'))
        if (touches(box, band.getBoundingClientRect())) found.push(`a band runs over “${wordsOf(one)}”`);
    });
  }

  for (const button of document.querySelectorAll('main button')) {
    const cell = button.closest('td, th, .controls, p, span');
    if (!isSeen(button) || cell === null) continue;
    const [own, its] = [button.getBoundingClientRect(), cell.getBoundingClientRect()];
    if (own.right > its.right + 1 || own.left < its.left - 1)
      found.push(`the button “${wordsOf(button)}” overflows`);
  }

  if (innerWidth < 640)
    for (const table of document.querySelectorAll('.stacked')) {
      const frame = table.closest('.scroll');
      if (frame !== null && frame.scrollWidth > frame.clientWidth + 1)
        found.push(`“${wordsOf(table)}” needs ${frame.scrollWidth} pixels of ${frame.clientWidth}`);
    }

  const walker = document.createTreeWalker(
    document.querySelector('main') ?? document.body,
    NodeFilter.SHOW_TEXT,
  );
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent ?? '';
    const holder = node.parentElement;
    if (holder === null || holder.closest('svg, option, .unseen, [hidden]') || text.trim() === '') continue;
    const range = document.createRange();
    const topOf = (at: number): number => {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return range.getBoundingClientRect().top;
    };
    range.selectNodeContents(node);
    if (range.getClientRects().length < 2) continue;
    for (let at = 1; at < text.length; at++)
      if (/^[\p{L}\d_]{2}$/u.test(text.slice(at - 1, at + 1)) && topOf(at) > topOf(at - 1) + 4)
        found.push(
          `“${text.slice(Math.max(0, at - 12), at)}|${text.slice(at, at + 12)}” is broken within a word`,
        );
  }
  return [...new Set(found)];
}
