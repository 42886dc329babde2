import { get } from './api.js';
import { elementOf, make, messageOf } from './dom.js';
import { follow } from './events.js';
import { compareView } from './views/compare.js';
import { devicesView } from './views/devices.js';
import { kernelView } from './views/kernel.js';
import { planView } from './views/plan.js';
import { plansView } from './views/plans.js';
import { studiesView } from './views/studies.js';
import { studyView } from './views/study.js';

/** @import { MakeView, PageEvent } from '../served/data.js' */

/**
 * Patterns of the address after the #, with their views; any other address shows the studies. A view is an
 * async function of the captured words and of a signal that aborts when the user leaves the view. It returns
 * `title`, the `nodes` to show, and `refresh(event)`, called with each event of the daemon (`events.js`).
 * @type {readonly (readonly [RegExp, MakeView])[]}
 */
const ROUTES = [
  [/^\/study\/([^/]+)$/, studyView],
  [/^\/kernel\/([^/]+)$/, kernelView],
  [/^\/devices$/, devicesView],
  [/^\/plans$/, plansView],
  [/^\/plan\/([^/]+)$/, planView],
  [/^\/compare\/([^/]+)\/([^/]+)$/, compareView],
];

const main = elementOf('main');
const connection = elementOf('connection');
/**
 * The current view, and the controller that ends it.
 * @type {{ refresh(event: PageEvent): void }}
 */
let shown = { refresh: () => {} };
let leaving = new AbortController();
/** What the header says of the store: it comes before the view, which would be moved by it. */
let header = Promise.resolve();

async function route() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const path = location.hash.replace(/^#/, '');
  const [pattern, view] = ROUTES.find(([candidate]) => candidate.test(path)) ?? [undefined, studiesView];
  const words = (pattern?.exec(path) ?? []).slice(1).map(decodeURIComponent);
  /** @type {PageEvent[]} */
  const missed = [];
  // What happens while the view reads its data may be newer than that data.
  shown = { refresh: (event) => void missed.push(event) };
  try {
    const [next] = await Promise.all([view(words, signal), header]);
    if (signal.aborted) return;
    shown = next;
    for (const event of missed) next.refresh(event);
    document.title = `${next.title} – nightshift`;
    main.replaceChildren(...next.nodes);
  } catch (error) {
    if (signal.aborted) return;
    shown = { refresh: (event) => void (event.kind === 'reset' && route()) };
    main.replaceChildren(make('p', { class: 'warning' }, messageOf(error)));
  }
}

async function showStore() {
  /** @type {Readonly<{ location: string, toolVersion: string }>} */
  const { location: place, toolVersion } = await get('/dashboard/data/store');
  elementOf('store').textContent = `store ${place} · nightshift ${toolVersion}`;
}

/** @param {boolean} isLive */
function say(isLive) {
  const was = connection.className;
  connection.className = isLive ? 'live' : '';
  connection.textContent = isLive ? 'live' : 'the daemon does not answer; retrying';
  // After a lost connection, read the current state: events may have been missed.
  if (isLive && was !== 'live') {
    header = showStore().catch(() => {});
    if (was === '') shown.refresh({ kind: 'reset' });
  }
}

// The link's default action would change the address, which the router reads as a view.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', async () => {
  await route();
  // Show a new view from its top.
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
// A view that reads its data when it is told of events already misses none.
await new Promise((/** @type {(connected: void) => void} */ resolve) => {
  const connected = (/** @type {boolean} */ isLive) => resolve(say(isLive));
  follow((event) => shown.refresh(event), connected);
});
await route();
