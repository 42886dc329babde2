import { get } from '../api.js';
import { bestSoFarChart } from '../charts/lines.js';
import { make, table } from '../dom.js';
import { count, gain, micros } from '../numbers.js';
import { paced } from '../paced.js';
import { timeLabels } from '../time-labels.js';

/** Two studies side by side. */
export async function compareView(ids, signal) {
  const body = make('div');
  const load = async () => {
    const names = ids.map(encodeURIComponent);
    const [comparison, ...pages] = await Promise.all([
      get(`/dashboard/data/compare/${names.join('/')}`, signal),
      ...names.map((name) => get(`/dashboard/data/studies/${name}`, signal)),
    ]);
    body.replaceChildren(verdict(comparison, pages), ...sideBySide(pages));
  };
  await load();
  const mine = (event) => event.kind === 'reset' || ids.includes(event.study);
  const later = paced(() => load().catch(() => {}), 3000);
  return {
    title: 'Compare',
    nodes: [make('h1', {}, 'Two studies'), body],
    refresh: (event) => mine(event) && later(),
  };
}

/** The ratio of times, for two studies of the same kernel at the same shape. */
function verdict({ state, change, why }, pages) {
  const isOther = JSON.stringify(pages[0].kernel) !== JSON.stringify(pages[1].kernel);
  if (isOther)
    return make('p', { class: 'warning' }, 'The kernels or shapes differ: their times are not comparable.');
  if (state === 'refused') return make('p', { class: 'warning' }, `No ratio: ${why}`);
  const ids = pages.map(({ id }) => id.slice(0, 4));
  return make(
    'p',
    { class: 'headline' },
    `${ids[1]} takes `,
    make('b', {}, gain(change)),
    ` the time of ${ids[0]}`,
  );
}

function sideBySide(pages) {
  const curves = pages.map(({ title, id, curve }, place) => ({
    name: `${title.split(' on ')[0]} ${id.slice(0, 4)}`,
    tone: place === 0 ? '--vec' : '--mt',
    ...curve,
  }));
  const names = [...new Set(pages.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
  const use = pages.map(({ findings }) => findings?.best?.configuration ?? {});
  const rows = [
    ['times', ...pages.map(({ from }) => timeLabels[from])],
    ['trials', ...pages.map(({ settled }) => count(settled))],
    [
      'best µs',
      ...pages.map(({ findings, curve }) =>
        micros(findings?.best?.timeUs ?? curve.improvements.at(-1)?.timeUs),
      ),
    ],
    ['gain over default', ...pages.map(({ findings }) => gain(findings?.gainOverDefault))],
    ...['vec', 'mt', 'db'].map((mechanism) => [
      `forced ${mechanism}`,
      ...pages.map(({ findings }) => gain(findings?.gains[mechanism]?.forced)),
    ]),
    ...names.map((name) => {
      const isChanged = use[0][name] !== use[1][name];
      return [
        name,
        ...use.map((configuration) => ({
          text: String(configuration[name] ?? '–'),
          kind: isChanged ? 'changed' : '',
        })),
      ];
    }),
  ];
  const head = pages.map(({ id, title }) => ({ title: `${title} (${id})`, number: true }));
  return [
    bestSoFarChart('Best time so far of both', curves).box,
    table('Findings; differing parameters are green', [{ title: '' }, ...head], rows),
  ];
}
