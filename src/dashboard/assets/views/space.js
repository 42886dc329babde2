import { heatMap } from '../charts/heat.js';
import { importanceBars } from '../charts/importance.js';
import { sliceChart } from '../charts/lines.js';
import { parallelCoordinates } from '../charts/parallel.js';
import { choice, make, messageOf, refill } from '../dom.js';

/** @import { PageImportance, StudyData } from '../../served/data.js' */

/** Importance is computed again once there are so many times as many trials. */
const GROWTH = 1.5;

/**
 * The trials over the space: importance, parallel coordinates, a slice, a heat map.
 * @param {() => StudyData} pageNow
 * @param {() => Promise<PageImportance>} load
 */
export function spaceSection(pageNow, load) {
  const importance = make('section', {}, make('h2', {}, 'Importance'));
  const box = make('section');
  const parallel = scrolling('Parallel coordinates');
  /** @type {ReturnType<typeof pairSection> | undefined} */
  let pair;
  /**
   * The most important parameters first; as they are listed until that is known.
   * @type {readonly string[]}
   */
  let ranked = pageNow().parameters.map(({ name }) => name);
  let computedAt = 0;
  const rank = async () => {
    computedAt = pageNow().settled;
    const found = await load();
    importance.replaceChildren(...importanceOf(found));
    ranked = found.ranked;
    pair?.choose(ranked);
  };
  const show = () => {
    const { parameters, trials, settled } = pageNow();
    // It takes a while to compute, and changes slowly.
    if (settled > computedAt * GROWTH) rank().catch((error) => importance.append(failure(error)));
    if (!trials.some(({ timeUs }) => timeUs !== null)) return;
    if (pair === undefined) {
      pair = pairSection(pageNow, ranked);
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
  /** Whether the reader has chosen; then the choice stays. */
  let isChosen = false;
  const show = () => refill(box, ...pairOf(pageNow(), chosen));
  /** @param {'across' | 'down'} axis */
  const choiceOf = (axis) =>
    choice(axis, names, chosen[axis], (name) => {
      chosen[axis] = name;
      isChosen = true;
      show();
    });
  const controls = make('div', { class: 'controls' }, choiceOf('across'), choiceOf('down'));
  /** @param {readonly string[]} best */
  const choose = (best) => {
    if (isChosen) return;
    [chosen.across, chosen.down] = [best[0], best[1] ?? best[0]];
    controls.replaceChildren(choiceOf('across'), choiceOf('down'));
    show();
  };
  return { box, controls, choose, show };
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

/** @param {unknown} error */
function failure(error) {
  return make('p', { class: 'warning' }, messageOf(error));
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
