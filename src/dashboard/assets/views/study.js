import { get } from '../api.js';
import { bestSoFarChart } from '../charts/lines.js';
import { drawing, make, refill, table } from '../dom.js';
import { count, decimals, gain, micros } from '../numbers.js';
import { paced } from '../paced.js';
import { progressOf, statusOf } from '../status.js';
import { steering } from '../steering.js';
import { timeLabels } from '../time-labels.js';
import { spaceSection } from './space.js';
import { trialsTable } from './trials.js';

const PACE_MS = 1500;
const MECHANISMS = { vec: 'Vec', mt: 'MT', db: 'DB' };

/** One study: findings, best time over trials, and the trials over the space. */
export async function studyView([id], signal) {
  const load = () => get(`/dashboard/data/studies/${encodeURIComponent(id)}`, signal);
  let page = await load();
  const head = make('div');
  const found = make('div');
  const curve = bestSoFarChart('Best time so far, over trials', curvesOf(page));
  const space = spaceSection(() => page);
  const trials = trialsTable(() => page);
  const search = make('p', { class: 'soft' });
  const repeat = make('pre', { tabindex: '0', 'aria-label': 'commands that repeat this study' });

  const show = () => {
    refill(head, ...headOf(page, refresh));
    refill(found, ...foundOf(page));
    search.textContent = page.search;
    repeat.hidden = page.repeat === null;
    repeat.textContent = page.repeat;
    curve.update(curvesOf(page));
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
      make('h2', {}, 'How it was searched'),
      search,
      repeat,
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
  const { title, from, settled, findings, kernel, progress, soFar } = page;
  const study = { ...page, trials: settled };
  const factor = findings?.gainOverDefault ?? null;
  const headline =
    factor === null
      ? make(
          'p',
          { class: 'soft' },
          findings === null
            ? (soFar ?? 'Nothing has been timed yet.')
            : 'Nothing to compare with the default.',
        )
      : make(
          'p',
          { class: 'headline' },
          make('b', {}, `${decimals(factor.value)}×`),
          ` as fast as the default${gain(factor).slice(decimals(factor.value).length + 1)}: ${micros(findings.default?.timeUs)} → ${micros(findings.winner?.timeUs)} µs`,
        );
  return [
    make('h1', {}, title, ' ', make('span', { class: 'badge' }, timeLabels[from])),
    make(
      'p',
      { class: 'controls' },
      `${statusOf(study)} · ${count(settled)} trials`,
      progress === null || progress.trials === 0
        ? null
        : make('span', {}, 'this visit: ', progressOf(progress, title)),
      steering(study, title, refresh),
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
  const timeline = drawing(figures.timeline, 'Timeline of the best configuration');
  timeline?.classList.add('timeline');
  return [
    make(
      'div',
      { class: 'cards' },
      section('Configurations to use', choices(findings)),
      section('What each mechanism is worth', worth(findings, gains)),
      section('Ladder: all else tuned on each rung', drawing(figures.ladder, 'Ladder')),
      section('Shapley shares of the speed-up', drawing(figures.shares, 'Shapley shares')),
      section('Ladder: one schedule on all rungs', drawing(figures.fixedTile, 'Ladder with one tile')),
    ),
    section('Timeline of the best configuration, simulated', timeline),
  ].filter((node) => node !== null);
}

/** A row for each mechanism, with the details below the table. */
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
      'Gains by mechanism',
      titles.map((title) => ({ title })),
      rows,
    ),
    sentences.length === 0
      ? null
      : make('ul', { class: 'soft' }, ...sentences.map((text) => make('li', {}, text))),
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
    'Values of the parameters',
    [{ title: 'parameter' }, ...chosen.map(([title]) => ({ title, number: true }))],
    rows,
  );
}
