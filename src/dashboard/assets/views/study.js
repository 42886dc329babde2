import { get } from '../api.js';
import { heatMap } from '../charts/heat.js';
import { importanceBars } from '../charts/importance.js';
import { bestSoFarChart, sliceChart, staircases } from '../charts/lines.js';
import { parallelCoordinates } from '../charts/parallel.js';
import { choice, drawing, make, table } from '../dom.js';
import { count, decimals, gain, micros, TIMES } from '../numbers.js';
import { steering } from '../steering.js';
import { paced } from './studies.js';
import { trialsTable } from './trials.js';

const PACE_MS = 1500;
const MECHANISMS = { vec: 'Vec', mt: 'MT', db: 'DB' };

/** One study: what was found, how it got there, and what the trials say. */
export async function studyView([id], signal) {
  const load = () => get(`/dashboard/data/studies/${encodeURIComponent(id)}`, signal);
  let page = await load();
  const head = make('div');
  const found = make('div');
  const curve = bestSoFarChart('Best time so far, over trials', curvesOf(page));
  const space = spaceSection(() => page);
  const trials = trialsTable(() => page);

  const show = () => {
    head.replaceChildren(...headOf(page, refresh));
    found.replaceChildren(...foundOf(page));
    curve.update(staircases(curvesOf(page)));
    space.show();
    trials.show();
  };
  const refresh = async () => {
    try {
      page = await load();
      show();
    } catch (error) {
      if (!signal.aborted) head.replaceChildren(make('p', { class: 'warning' }, error.message));
    }
  };
  const later = paced(refresh, PACE_MS);
  show();
  return {
    title: page.title,
    nodes: [
      head,
      make(
        'div',
        { class: 'cards' },
        make('section', {}, make('h2', {}, 'Best so far'), curve.box),
        space.importance,
      ),
      found,
      space.box,
      trials.box,
      make('p', { class: 'soft' }, page.search),
      make('pre', { tabindex: '0', 'aria-label': 'how to repeat it' }, page.repeat),
    ],
    refresh: (event) => (event.kind === 'reset' || event.study === id) && later(),
  };
}

function curvesOf({ curve, findings }) {
  const own = { name: 'best so far', tone: '--accent', ...curve };
  const preferred = findings?.default?.timeUs;
  if (preferred === undefined) return [own];
  const line = {
    trials: curve.trials,
    improvements: [{ trials: curve.improvements[0]?.trials ?? 1, timeUs: preferred }],
  };
  return [own, { name: 'default', tone: '--soft', isDashed: true, ...line }];
}

function headOf(page, refresh) {
  const { title, from, state, settled, findings, kernel } = page;
  const factor = findings?.gainOverDefault ?? null;
  const headline =
    factor === null
      ? make(
          'p',
          { class: 'soft' },
          findings === null
            ? 'The final comparison comes when its visit ends.'
            : 'Nothing to compare with the default.',
        )
      : make(
          'p',
          { class: 'headline' },
          make('b', {}, `${decimals(factor.value)}×`),
          ` as fast as the default${gain(factor).slice(decimals(factor.value).length + 1)}: ${micros(findings.default?.timeUs)} → ${micros(findings.winner?.timeUs)} µs`,
        );
  return [
    make('h1', {}, title, ' ', make('span', { class: 'badge' }, TIMES[from])),
    make(
      'p',
      { class: 'controls' },
      `${state} · ${count(settled)} trials`,
      steering(page, title, refresh),
      make('a', { href: `#/kernel/${encodeURIComponent(kernel.name)}` }, `all of ${kernel.name}`),
    ),
    headline,
    ...(findings?.warnings ?? []).map((warning) => make('p', { class: 'warning' }, warning)),
  ];
}

function foundOf({ figures, findings, gains }) {
  if (findings === null) return [];
  const section = (title, node) =>
    node === undefined ? null : make('section', {}, make('h2', {}, title), node);
  const timeline = drawing(figures.timeline, 'Timeline of the best');
  timeline?.classList.add('timeline');
  return [
    make(
      'div',
      { class: 'cards' },
      section('What to use', choices(findings)),
      section('What each mechanism is worth', worth(findings, gains)),
      section('Ladder: all else tuned on each rung', drawing(figures.ladder, 'Ladder')),
      section('Shapley shares of the speed-up', drawing(figures.shares, 'Shapley shares')),
      section(
        'Ladder: one tile and staging on all rungs',
        drawing(figures.fixedTile, 'Ladder with one tile'),
      ),
    ),
    section('How the best goes, simulated', timeline),
  ].filter((node) => node !== null);
}

/** A row a mechanism; what a table has no room for stands under it. */
function worth({ gains }, sentences) {
  const rows = Object.entries(gains).map(([mechanism, { alone, leftOut, forced }]) => [
    MECHANISMS[mechanism],
    ...[alone, leftOut, forced].map(gain),
  ]);
  if (rows.length === 0) return undefined;
  const titles = ['mechanism', 'alone', 'left out', 'forced'];
  return make(
    'div',
    {},
    table(
      'A mechanism a row',
      titles.map((title) => ({ title })),
      rows,
    ),
    sentences.length === 0 ? null : make('ul', { class: 'soft' }, ...sentences.map((text) => make('li', {}, text))),
  );
}

function choices({ best, winner, default: preferred }) {
  if (best === null || winner === null) return undefined;
  const isSame = JSON.stringify(best.configuration) === JSON.stringify(winner.configuration);
  const chosen = [
    ...(preferred === null ? [] : [['default', preferred]]),
    ['use', best],
    ...(isSame ? [] : [['fastest', winner]]),
  ];
  const rows = Object.keys(best.configuration).map((name) => [
    name,
    ...chosen.map(([, { configuration }]) => ({
      text: String(configuration[name]),
      kind: preferred !== null && configuration[name] !== preferred.configuration[name] ? 'changed' : '',
    })),
  ]);
  rows.push(['µs', ...chosen.map(([, { timeUs }]) => micros(timeUs))]);
  return table(
    'A parameter a row',
    [{ title: 'parameter' }, ...chosen.map(([title]) => ({ title, number: true }))],
    rows,
  );
}

/** What the trials say of the space: importance, parallel coordinates, a slice, a heat map. */
function spaceSection(pageNow) {
  const importance = make('section');
  const box = make('section');
  let [across, down] = [undefined, undefined];

  const show = () => {
    const { parameters, trials, importance: shares } = pageNow();
    const names = parameters.map(({ name }) => name);
    const ranked = shares.length === 0 ? names : shares.map(({ name }) => name);
    across ??= ranked[0];
    down ??= ranked[1] ?? ranked[0];
    importance.replaceChildren(
      make('h2', {}, 'Importance'),
      shares.length === 0 ? make('p', { class: 'soft' }, 'Nothing varied yet.') : importanceBars(shares),
      make(
        'p',
        { class: 'soft' },
        'Share of the variance of ln(time) that a parameter explains alone, over the trials as they were tried.',
      ),
    );
    const slice = parameters[names.indexOf(across)];
    const points = trials
      .filter(({ timeUs }) => timeUs !== null)
      .map(({ digits, timeUs }) => [digits[names.indexOf(across)], timeUs]);
    if (points.length === 0) return;
    const choose = (set) => (name) => {
      set(name);
      show();
    };
    box.replaceChildren(
      make('h2', {}, 'Parallel coordinates'),
      make(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Parallel coordinates' },
        parallelCoordinates(parameters, trials),
      ),
      make(
        'div',
        { class: 'controls' },
        choice(
          'across',
          names,
          across,
          choose((name) => (across = name)),
        ),
        choice(
          'down',
          names,
          down,
          choose((name) => (down = name)),
        ),
      ),
      make(
        'div',
        { class: 'cards' },
        make(
          'section',
          {},
          make('h2', {}, `Slice: ${across}`),
          sliceChart(`Times by ${across}`, slice, points).box,
        ),
        make(
          'section',
          {},
          make('h2', {}, `Best time by ${across} and ${down}`),
          make(
            'div',
            { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Heat map' },
            heatMap(
              slice,
              parameters[names.indexOf(down)],
              trials,
              names.indexOf(across),
              names.indexOf(down),
            ),
          ),
        ),
      ),
    );
  };
  return { importance, box, show };
}
