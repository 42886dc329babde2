import { get } from '../api.js';
import { drawing, make } from '../dom.js';

/** @import { DrawnCalls, None } from '../../served/data.js' */

/**
 * Simulated timelines on one axis of time, with the sentence that says what differs; nothing where nothing is simulated.
 * @param {string} title
 * @param {string} path
 * @param {AbortSignal} signal
 */
export async function timelinesSection(title, path, signal) {
  /** @type {DrawnCalls | None} */
  const found = await get(`/dashboard/data/timelines/${path}`, signal);
  if ('isNone' in found) return [];
  const drawn = drawing(found.svg, title);
  drawn?.classList.add('timeline');
  const isPair = drawn !== undefined && drawn.querySelectorAll('g.call').length > 1;
  if (isPair) linkTiles(drawn);
  const link = 'Point at a tile: in the other timeline, what does the same part of the work is marked.';
  return [
    make(
      'section',
      {},
      make('h2', {}, title),
      found.sentence === null ? null : make('p', {}, found.sentence),
      drawn,
      isPair ? make('p', { class: 'soft' }, link) : null,
    ),
  ];
}

/**
 * Marks in both calls the tiles that are about the same part of the work.
 * @param {HTMLElement} box
 */
function linkTiles(box) {
  const tiles = [...box.querySelectorAll('g.call')].flatMap((call) => {
    const count = Number(call.getAttribute('data-tiles'));
    return [...call.querySelectorAll('[data-tile]')].map((tile) => {
      const number = Number(tile.getAttribute('data-tile'));
      return { tile, from: number / count, to: (number + 1) / count };
    });
  });
  /** @param {Event} event */
  const mark = (event) => {
    const { target } = event;
    const at = tiles.find(({ tile }) => tile === target);
    for (const { tile, from, to } of tiles)
      tile.classList.toggle('linked', at !== undefined && from < at.to - 1e-9 && to > at.from + 1e-9);
  };
  for (const kind of ['pointerover', 'pointerdown']) box.addEventListener(kind, mark);
}
