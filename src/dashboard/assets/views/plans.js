import { get } from '../api.js';
import { make, refill, table } from '../dom.js';
import { count } from '../numbers.js';
import { paced } from '../paced.js';

/** @import { ListedPlan, View } from '../../served/data.js' */

const PACE_MS = 3000;

/**
 * Every plan, the newest first, each with a link to its page: also those that have ended.
 * @param {readonly string[]} _
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function plansView(_, signal) {
  const body = make('div');
  const load = async () => {
    /** @type {readonly ListedPlan[]} */
    const plans = await get('/v1/plans', signal);
    refill(body, listOf([...plans].reverse()));
  };
  await load();
  return {
    title: 'Plans',
    nodes: [make('h1', {}, 'Plans'), body],
    refresh: paced(() => load().catch(() => {}), PACE_MS),
  };
}

/** @param {readonly ListedPlan[]} plans */
function listOf(plans) {
  if (plans.length === 0) return make('p', { class: 'soft' }, 'No plan has been submitted yet.');
  const columns = [
    { title: 'plan' },
    { title: 'submitted' },
    { title: 'ended' },
    { title: 'studies', number: true },
  ];
  const moment = (/** @type {string} */ at) => new Date(at).toLocaleString();
  const rows = plans.map(({ id, submittedAt, endedAt, studies }) => [
    make('a', { href: `#/plan/${encodeURIComponent(id)}` }, id),
    moment(submittedAt),
    endedAt === null
      ? `${count(studies.filter(({ state }) => state === 'ended').length)} of ${count(studies.length)} studies`
      : moment(endedAt),
    count(studies.length),
  ]);
  return table('All plans, the newest first', columns, rows);
}
