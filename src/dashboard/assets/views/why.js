import { get } from '../api.js';
import { drawing, make } from '../dom.js';

/** @import { None, WhyPage } from '../../served/data.js' */

/**
 * Why the configuration to use wins: one parameter at a time, what limits it, and its way below the machine's roofs. The
 * report draws both.
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function whySection(id, signal) {
  /** @type {WhyPage | None} */
  const page = await get(`/dashboard/data/why/${encodeURIComponent(id)}`, signal);
  if ('isNone' in page) return [];
  const { sentences, figures } = page;
  const roofs = drawing(figures.roofline, 'Roofline');
  return [
    make(
      'section',
      {},
      make('h2', {}, 'Why this one wins'),
      drawing(figures.why, 'Steps'),
      make(
        'ul',
        { class: 'soft' },
        sentences.map((words) => make('li', {}, words)),
      ),
    ),
    ...(roofs === undefined
      ? []
      : [
          make(
            'section',
            {},
            make('h2', {}, 'Roofline: the way from scalar to winner'),
            tellingPoints(roofs),
          ),
        ]),
  ];
}

/**
 * The drawing with a line below it that says what is at a point: the one under the pointer, or chosen by Tab.
 * @param {HTMLElement} roofs
 */
function tellingPoints(roofs) {
  const said = make('output', { class: 'said' });
  // A picture may hold nothing that can be chosen; a group may.
  roofs.querySelector('svg')?.setAttribute('role', 'group');
  for (const point of roofs.querySelectorAll('circle')) {
    const words = point.querySelector('title')?.textContent ?? '';
    const tell = () => {
      said.textContent = words;
    };
    point.setAttribute('role', 'img');
    point.setAttribute('aria-label', words);
    point.setAttribute('tabindex', '0');
    point.addEventListener('focus', tell);
    point.addEventListener('pointerenter', tell);
  }
  return make('div', {}, roofs, make('p', { class: 'below' }, said));
}
