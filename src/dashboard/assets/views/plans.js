import { get } from '../api.js';
import { make, refill, table } from '../dom.js';
import { count } from '../numbers.js';
import { paced } from '../paced.js';
import { planBanners } from './plan-banner.js';

/** @import { ListedPlan, ListedStudy, View } from '../../served/data.js' */

const PACE_MS = 3000;

/**
 * Every plan, those that run first, then the newest, each with a link to its page: also those that have ended. Above them how
 * far those are that run.
 * @param {readonly string[]} _
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function plansView(_, signal) {
  const body = make('div');
  const banners = planBanners(signal, () => later());
  const load = async () => {
    /** @type {readonly ListedPlan[]} oldest first */
    const plans = await get('/v1/plans', signal);
    const isRunning = (/** @type {ListedPlan} */ { endedAt }) => endedAt === null;
    /** @type {readonly ListedStudy[]} */
    const studies = plans.some(isRunning) ? await get('/dashboard/data/listed', signal) : [];
    await banners.load();
    banners.show(new Map(studies.map((study) => [study.id, study])));
    refill(body, listOf([...plans].reverse().sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)))));
  };
  const later = paced(() => load().catch(() => {}), PACE_MS);
  await load();
  return {
    title: 'Plans',
    nodes: [make('h1', {}, 'Plans'), banners.box, body],
    refresh: later,
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
  return table('All plans: those that run, then the newest', columns, rows);
}
