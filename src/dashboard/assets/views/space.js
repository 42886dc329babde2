import { heatMap } from '../charts/heat.js';
import { importanceBars } from '../charts/importance.js';
import { sliceChart } from '../charts/lines.js';
import { parallelCoordinates } from '../charts/parallel.js';
import { choice, make, refill } from '../dom.js';

/** The trials over the space: importance, parallel coordinates, a slice, a heat map. */
export function spaceSection(pageNow) {
  const importance = make('section');
  const [parallel, pair] = [scrolling('Parallel coordinates'), make('div', { class: 'cards' })];
  const box = make('section');
  const { parameters } = pageNow();
  const names = parameters.map(({ name }) => name);
  let [across, down] = [undefined, undefined];

  const showPair = () => {
    const { trials } = pageNow();
    const [placeAcross, placeDown] = [names.indexOf(across), names.indexOf(down)];
    const slice = parameters[placeAcross];
    const points = trials
      .filter(({ timeUs }) => timeUs !== null)
      .map(({ digits, timeUs }) => [digits[placeAcross], timeUs]);
    const heat = scrolling('Heat map');
    heat.append(heatMap(slice, parameters[placeDown], trials, placeAcross, placeDown));
    refill(
      pair,
      titled(`Slice: ${across}`, sliceChart(`Times by ${across}`, slice, points).box),
      titled(`Best time by ${across} and ${down}`, heat),
    );
  };
  const choiceOf = (label, chosen, set) =>
    choice(label, names, chosen, (name) => {
      set(name);
      showPair();
    });
  const begin = (ranked) => {
    [across, down] = [ranked[0], ranked[1] ?? ranked[0]];
    box.replaceChildren(
      titled('Parallel coordinates', parallel),
      make('p', { class: 'soft' }, 'A line for each trial: the stronger, the faster.'),
      make(
        'div',
        { class: 'controls' },
        choiceOf('across', across, (name) => (across = name)),
        choiceOf('down', down, (name) => (down = name)),
      ),
      pair,
    );
  };
  const show = () => {
    const { trials, importance: shares } = pageNow();
    importance.replaceChildren(...importanceOf(shares));
    if (!trials.some(({ timeUs }) => timeUs !== null)) return;
    if (across === undefined) begin(shares.length === 0 ? names : shares.map(({ name }) => name));
    parallel.replaceChildren(parallelCoordinates(parameters, trials));
    showPair();
  };
  return { importance, box, show };
}

function importanceOf(shares) {
  return [
    make('h2', {}, 'Importance'),
    shares.length === 0
      ? make('p', { class: 'soft' }, 'No two different times yet.')
      : importanceBars(shares),
    make(
      'p',
      { class: 'soft' },
      'Share of the variance of ln(time) that a parameter explains alone, over the trials as they were tried.',
    ),
  ];
}

function titled(title, node) {
  return make('section', {}, make('h2', {}, title), node);
}

function scrolling(label) {
  return make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label });
}
