import { choice, make, refill, table } from '../dom.js';
import { count, micros } from '../numbers.js';

/** Rows that are shown at first, and added by each click on "more". */
const PAGE = 50;

/** The trials of the page, filtered and sorted in the browser. */
export function trialsTable(pageNow) {
  const rows = make('div');
  let [state, order, words, shown] = ['timed', 'fastest first', '', PAGE];

  const show = () => {
    const { parameters, trials, compared, isCut } = pageNow();
    const configuration = ({ digits }) =>
      digits.map((digit, place) => `${parameters[place].name}=${parameters[place].values[digit]}`).join(' ');
    const wanted = words.split(/\s+/).filter((word) => word !== '');
    const found = [...trials, ...compared]
      .filter(({ timeUs }) => state === 'all' || (timeUs !== null) === (state === 'timed'))
      .filter((trial) =>
        wanted.every((word) =>
          `${trial.subset} ${trial.origin} ${trial.reason ?? ''} ${configuration(trial)}`.includes(word),
        ),
      )
      .sort(
        order === 'fastest first'
          ? (a, b) => (a.timeUs ?? Infinity) - (b.timeUs ?? Infinity)
          : (a, b) => (b.number ?? -1) - (a.number ?? -1),
      );
    const cells = found
      .slice(0, shown)
      .map((trial) => [
        trial.number === undefined ? '' : String(trial.number),
        trial.timeUs === null ? trial.reason : micros(trial.timeUs),
        trial.subset,
        trial.origin,
        configuration(trial),
      ]);
    refill(
      rows,
      table(
        `${count(Math.min(shown, found.length))} of ${count(found.length)} trials${isCut ? ' (of a long study: the latest and the fastest)' : ''}`,
        [
          { title: 'number' },
          { title: 'µs', number: true },
          { title: 'for' },
          { title: 'origin' },
          { title: 'configuration' },
        ],
        cells,
      ),
      ...(found.length > shown ? [more()] : []),
    );
  };
  const more = () =>
    make(
      'button',
      {
        type: 'button',
        onclick: () => {
          shown += PAGE;
          show();
        },
      },
      `show ${PAGE} more trials`,
    );
  const filter = make('input', {
    type: 'search',
    placeholder: exampleOf(pageNow()),
    size: 24,
    'aria-label': 'only trials with these words',
    oninput: () => {
      words = filter.value;
      show();
    },
  });
  const change = (set) => (value) => {
    set(value);
    show();
  };
  const controls = make(
    'div',
    { class: 'controls' },
    choice(
      'show',
      ['timed', 'invalid', 'all'],
      state,
      change((value) => (state = value)),
    ),
    choice(
      'order',
      ['fastest first', 'latest first'],
      order,
      change((value) => (order = value)),
    ),
    filter,
  );
  return { box: make('section', {}, make('h2', {}, 'Trials'), controls, rows), show };
}

/** An example filter from the study's own space. */
function exampleOf({ parameters }) {
  return parameters
    .slice(0, 2)
    .map(({ name, values }) => `${name}=${values.at(-1)}`)
    .join(' ');
}
