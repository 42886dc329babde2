import { shareBars } from '../charts/bars.js';
import { heatMap } from '../charts/heat.js';
import { parallelCoordinates } from '../charts/parallel.js';
import { planeChart } from '../charts/plane.js';
import { timeAxis } from '../charts/scale.js';
import { choice, inPlace, make, messageOf, refill } from '../dom.js';
import { count, time, unitFor } from '../numbers.js';

/** @import { Plane } from '../charts/plane-drawing.js' */
/** @import { PageImportance, PageTrial, StudyData } from '../../served/data.js' */

/** Importance is computed again once there are so many times as many trials. */
const GROWTH = 1.5;
/** Parameters whose pairs are drawn all at once. */
const PAIRED = 4;

/**
 * The trials over the space: importance, parallel coordinates, a slice, a heat map. Tells what the reader chose among
 * the trials, and which parameters hardly matter.
 * @param {() => StudyData} pageNow
 * @param {() => Promise<PageImportance>} load
 * @param {Readonly<{ restrict: (test: (trial: Pick<PageTrial, 'digits' | 'timeUs'>) => boolean) => void, grey: (names: readonly string[]) => void }>} trials
 */
export function spaceSection(pageNow, load, { restrict, grey }) {
  const importance = make('section', {}, make('h2', {}, 'Importance'));
  const box = make('section');
  const pairs = allPairs(pageNow);
  const parallel = parallelCoordinates(restrict);
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
    inPlace(() => importance.replaceChildren(...importanceOf(found)));
    ranked = found.ranked;
    pair?.choose(ranked);
    pairs.rank(found);
    grey(found.idle);
  };
  const show = () => {
    const { parameters, trials, settled } = pageNow();
    // It takes a while to compute, and changes slowly.
    if (settled > computedAt * GROWTH) rank().catch((error) => importance.append(failure(error)));
    if (!trials.some(({ timeUs }) => timeUs !== null)) return;
    if (pair === undefined) {
      pair = pairSection(pageNow, ranked);
      box.replaceChildren(
        titled('Parallel coordinates', parallel.box),
        make(
          'p',
          { class: 'soft' },
          'A line for each trial of the search, coloured by its time. A drag along an axis, or its arrow keys, choose trials. ',
          'What only the final comparison timed is in none of the three drawings: its timings are others.',
        ),
        pair.controls,
        pair.box,
        pairs.box,
      );
    }
    parallel.update(parameters, trials);
    pair.show();
    pairs.show();
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
  /** Whether the reader has chosen, or reads the charts with a hand on them; then they stay. */
  let isChosen = false;
  for (const kind of ['pointerdown', 'keydown'])
    box.addEventListener(kind, () => {
      isChosen = true;
    });
  let charts = pairOf(pageNow(), chosen);
  const show = () => charts.update(pageNow());
  const redraw = () => {
    charts = pairOf(pageNow(), chosen);
    refill(box, ...charts.nodes);
    show();
  };
  /** @param {'across' | 'down'} axis */
  const choiceOf = (axis) =>
    choice(axis, names, chosen[axis], (name) => {
      chosen[axis] = name;
      isChosen = true;
      redraw();
    });
  const controls = make('div', { class: 'controls' }, choiceOf('across'), choiceOf('down'));
  /** @param {readonly string[]} best */
  const choose = ([across, down = across]) => {
    if (isChosen || (across === chosen.across && down === chosen.down)) return;
    Object.assign(chosen, { across, down });
    refill(controls, choiceOf('across'), choiceOf('down'));
    redraw();
  };
  box.append(...charts.nodes);
  return { box, controls, choose, show };
}

/**
 * The charts of two parameters. What the reader chose in them stays when `update` brings more trials.
 * @param {StudyData} page
 * @param {Readonly<{ across: string, down: string }>} chosen
 */
function pairOf(page, chosen) {
  const { across, down } = chosen;
  const [slice, heat] = [sliceOf(page, across), heatOf(page, chosen)];
  const nodes = [
    titled(`Slice: ${across}`, slice.box),
    titled(`Fastest of the search by ${across} and ${down}`, heat.box),
  ];
  const update = (/** @type {StudyData} */ { trials }) => {
    slice.update(trials);
    heat.update(trials);
  };
  return { nodes, update };
}

/**
 * @param {StudyData} page
 * @param {Readonly<{ across: string, down: string }>} chosen
 */
function heatOf({ parameters }, { across, down }) {
  const names = parameters.map(({ name }) => name);
  const [placeAcross, placeDown] = [names.indexOf(across), names.indexOf(down)];
  return heatMap(parameters[placeAcross], parameters[placeDown], [placeAcross, placeDown]);
}

/**
 * All pairs of the parameters that matter most over the whole space, drawn once the reader wants to see them. None where
 * less than two have a share of 1 % or more, by themselves or in a pair, or that is unknown.
 * @param {() => StudyData} pageNow
 */
function allPairs(pageNow) {
  const maps = make('div', { class: 'cards' });
  const heading = make('summary');
  const box = make('details', { hidden: true }, heading, maps);
  /** @type {readonly string[]} */
  let names = [];
  /** @type {readonly ReturnType<typeof heatMap>[] | undefined} once they are wanted */
  let heats;
  /** @param {Pick<PageImportance, 'shares'>} found */
  const rank = ({ shares }) => {
    const rows = [...shares].sort((a, b) => b.share - a.share);
    const best = [...new Set(rows.flatMap(({ what }) => what.split(' × ')))].slice(0, PAIRED);
    if (best.join() !== names.join()) [names, heats] = [best, undefined];
    box.hidden = names.length < 2;
    heading.textContent = `Heat maps of all pairs of the ${names.length} parameters that matter most over the whole space`;
    show();
  };
  const show = () => {
    if (!box.open) return;
    const page = pageNow();
    if (heats === undefined) {
      const pairs = names.flatMap((across, place) =>
        names.slice(place + 1).map((down) => ({ across, down, ...heatOf(page, { across, down }) })),
      );
      heats = pairs;
      refill(
        maps,
        ...pairs.map(({ across, down, box: map }) =>
          make('section', {}, make('h3', {}, `${across} and ${down}`), map),
        ),
      );
    }
    for (const heat of heats) heat.update(page.trials);
  };
  box.addEventListener('toggle', show);
  return { box, rank, show };
}

/**
 * Every timed trial over the values of one parameter.
 * @param {StudyData} page
 * @param {string} name
 */
function sliceOf({ parameters, trials: first }, name) {
  const place = parameters.findIndex((parameter) => parameter.name === name);
  const { values } = parameters[place];
  /**
   * @param {readonly PageTrial[]} trials
   * @returns {Plane}
   */
  const planeOf = (trials) => {
    const unit = unitFor(trials.map(({ timeUs }) => timeUs));
    const points = trials.flatMap(({ number, digits, timeUs }) => {
      const text = `trial ${count(number)}, ${name}=${values[digits[place]]}: ${time(timeUs, unit)}`;
      return timeUs === null ? [] : [{ x: digits[place], y: timeUs, text }];
    });
    return {
      label: `Times of the search by ${name}`,
      x: { title: name, kind: 'words', text: (digit) => String(values[digit] ?? '') },
      y: timeAxis('time (log)', unit),
      marks: [{ kind: 'dots', name: 'a trial', tone: '--accent', points }],
    };
  };
  const { box, update } = planeChart(planeOf(first));
  return { box, update: (/** @type {readonly PageTrial[]} */ trials) => update(planeOf(trials)) };
}

/** @param {unknown} error */
function failure(error) {
  return make('p', { class: 'warning' }, messageOf(error));
}

/** @param {PageImportance} importance */
function importanceOf({ shares, note, amongBest }) {
  /** @type {(title: string, found: Readonly<{ shares: Parameters<typeof shareBars>[1], note: string }>) => HTMLElement} */
  const part = (title, found) =>
    make(
      'div',
      {},
      make('h3', {}, title),
      found.shares.length === 0 ? null : shareBars(`Importance ${title}`, found.shares),
      make('p', { class: 'soft' }, found.note),
    );
  const parts = [part('among the best tenth', amongBest), part('over the whole space', { shares, note })];
  return [make('h2', {}, 'Importance'), make('div', { class: 'cards' }, parts)];
}

/**
 * @param {string} title
 * @param {Node} node
 */
function titled(title, node) {
  return make('section', {}, make('h2', {}, title), node);
}
