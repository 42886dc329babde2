import { heatMap } from '../charts/heat.js';
import { importanceBars } from '../charts/importance.js';
import { sliceChart } from '../charts/lines.js';
import { parallelCoordinates } from '../charts/parallel.js';
import { choice, make, refill } from '../dom.js';
/** @import { PageImportance, StudyData } from '../../served/data.js' */

/**
 * The trials over the space: importance, parallel coordinates, a slice, a heat map.
 * @param {() => StudyData} pageNow
 */
export function spaceSection(pageNow) {
  const importance = make('section');
  const box = make('section');
  const parallel = scrolling('Parallel coordinates');
  /** @type {ReturnType<typeof pairSection> | undefined} */
  let pair;
  const show = () => {
    const { parameters, trials, importance: found } = pageNow();
    importance.replaceChildren(...importanceOf(found));
    if (!trials.some(({ timeUs }) => timeUs !== null)) return;
    if (pair === undefined) {
      pair = pairSection(pageNow, found.ranked);
      box.replaceChildren(
        titled('Parallel coordinates', parallel),
        make('p', { class: 'soft' }, 'A line for each trial: the stronger, the faster.'),
        pair.controls,
        pair.box,
      );
    }
    parallel.replaceChildren(parallelCoordinates(parameters, trials));
    pair.show();
  };
  return { importance, box, show };
}

/**
 * The times over two parameters, which the reader may choose.
 * @param {() => StudyData} pageNow
 * @param {readonly string[]} ranked
 */
function pairSection(pageNow, ranked) {
  const box = make('div', { class: 'cards' });
  const chosen = { across: ranked[0], down: ranked[1] ?? ranked[0] };
  const names = pageNow().parameters.map(({ name }) => name);
  const show = () => refill(box, ...pairOf(pageNow(), chosen));
  /** @param {'across' | 'down'} axis */
  const choiceOf = (axis) =>
    choice(axis, names, chosen[axis], (name) => {
      chosen[axis] = name;
      show();
    });
  return { box, controls: make('div', { class: 'controls' }, choiceOf('across'), choiceOf('down')), show };
}

/**
 * @param {StudyData} page
 * @param {Readonly<{ across: string, down: string }>} chosen
 */
function pairOf({ parameters, trials }, { across, down }) {
  const names = parameters.map(({ name }) => name);
  const [placeAcross, placeDown] = [names.indexOf(across), names.indexOf(down)];
  const slice = parameters[placeAcross];
  /** @type {(readonly [number, number])[]} */
  const points = trials.flatMap(({ digits, timeUs }) =>
    timeUs === null ? [] : [[digits[placeAcross], timeUs]],
  );
  const heat = scrolling('Heat map');
  heat.append(heatMap(slice, parameters[placeDown], trials, placeAcross, placeDown));
  return [
    titled(`Slice: ${across}`, sliceChart(`Times by ${across}`, slice, points).box),
    titled(`Best time by ${across} and ${down}`, heat),
  ];
}

/** @param {PageImportance} importance */
function importanceOf({ shares, note }) {
  return [
    make('h2', {}, 'Importance'),
    ...(shares.length === 0 ? [] : [importanceBars(shares)]),
    make('p', { class: 'soft' }, note),
  ];
}

/**
 * @param {string} title
 * @param {Node} node
 */
function titled(title, node) {
  return make('section', {}, make('h2', {}, title), node);
}

/** @param {string} label */
function scrolling(label) {
  return make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label });
}
