import { drawing, make } from '../dom.js';

/**
 * The whole as one bar, as the daemon draws it, with a line below it that says what is where: the pointer, a finger or the
 * arrow keys choose a kernel; a click or Enter leads to its study.
 * @param {string} label
 * @param {string} svg
 */
export function wholeBars(label, svg) {
  const bars = drawing(svg, label);
  const said = make('output', { class: 'said' });
  for (const drawn of bars?.querySelectorAll('svg') ?? []) {
    // A picture may hold nothing that can be chosen; a group may.
    drawn.setAttribute('role', 'group');
    drawn.setAttribute('aria-description', 'Arrow keys go from kernel to kernel.');
    drawn.querySelector('a')?.setAttribute('tabindex', '0');
    drawn.addEventListener('keydown', (event) => step(drawn, event));
  }
  for (const kind of ['pointerover', 'pointerdown', 'focusin'])
    bars?.addEventListener(kind, ({ target }) => {
      const kernel = target instanceof Element ? target.closest('a') : null;
      if (kernel !== null) said.textContent = kernel.getAttribute('aria-label');
    });
  return make('div', {}, bars, make('p', { class: 'below' }, said));
}

/**
 * Arrow keys go from kernel to kernel: all of them in the order of tabs would be hundreds.
 * @param {SVGSVGElement} drawn
 * @param {KeyboardEvent} event
 */
function step(drawn, event) {
  const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (way === undefined) return;
  const all = [...drawn.querySelectorAll('a')];
  const now = all.findIndex((each) => each.matches(':focus'));
  const next = all[Math.min(Math.max(now + way, 0), all.length - 1)];
  event.preventDefault();
  for (const each of all) each.setAttribute('tabindex', each === next ? '0' : '-1');
  next?.focus();
}
