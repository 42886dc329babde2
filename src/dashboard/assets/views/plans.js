import { get } from '../api.js';
import { make, refill, table } from '../dom.js';
import { count, gain, moment } from '../numbers.js';
import { paced } from '../paced.js';
import { planBanners } from './plan-banner.js';
import { planContent, planGains, planTitle } from './plan-words.js';

/** @import { ListedPlan, ListedStudy, PlanSummary, View } from '../../served/data.js' */

const PACE_MS = 3000;
/** Of so many plans what they found is told: each is asked for by itself. */
const TOLD = 40;

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
  /** @type {Map<string, PlanSummary>} what is known of each; those that have ended stay as they are */
  const known = new Map();
  const load = async () => {
    /** @type {readonly ListedPlan[]} oldest first */
    const plans = await get('/v1/plans', signal);
    const isRunning = (/** @type {ListedPlan} */ { endedAt }) => endedAt === null;
    /** @type {readonly ListedStudy[]} */
    const studies = plans.some(isRunning) ? await get('/dashboard/data/listed', signal) : [];
    await banners.load();
    banners.show(new Map(studies.map((study) => [study.id, study])));
    const ordered = [...plans].reverse().sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)));
    refill(body, listOf(ordered, known));
    for (const { id } of ordered.slice(0, TOLD)) {
      if (known.get(id)?.state === 'ended') continue;
      known.set(id, await get(`/v1/plans/${encodeURIComponent(id)}`, signal));
    }
    refill(body, listOf(ordered, known));
  };
  const later = paced(() => load().catch(() => {}), PACE_MS);
  await load();
  return {
    title: 'Plans',
    nodes: [make('h1', {}, 'Plans'), banners.box, body],
    refresh: later,
  };
}

/**
 * @param {readonly ListedPlan[]} plans
 * @param {ReadonlyMap<string, PlanSummary>} known
 */
function listOf(plans, known) {
  if (plans.length === 0) return make('p', { class: 'soft' }, 'No plan has been submitted yet.');
  const columns = [
    { title: 'plan' },
    { title: 'of' },
    { title: 'gain over default' },
    { title: 'state' },
    { title: 'submitted' },
  ];
  const wrapped = (/** @type {string} */ text) => ({ text, kind: 'wrapped' });
  const rows = plans.map((plan) => {
    const summary = known.get(plan.id);
    return [
      make('a', { href: `#/plan/${encodeURIComponent(plan.id)}` }, planTitle(plan)),
      wrapped(summary === undefined ? `${count(plan.studies.length)} studies` : planContent(summary)),
      summary === undefined ? '' : gainsOf(summary),
      stateOf(plan, summary),
      moment(plan.submittedAt),
    ];
  });
  return table('All plans: those that run, then the newest', columns, rows);
}

/**
 * A line for each target; of one alone, which the row names already, the gain says enough.
 * @param {PlanSummary} plan
 */
function gainsOf(plan) {
  if (plan.sums.length === 0) return 'none known';
  const isOne = plan.studies.every(({ target }) => target === plan.sums[0].target);
  return isOne ? gain(plan.sums[0].gain) : planGains(plan).map((words) => make('div', {}, words));
}

/**
 * @param {ListedPlan} plan
 * @param {PlanSummary | undefined} summary
 */
function stateOf({ endedAt, studies }, summary) {
  if (endedAt !== null) return `ended ${moment(endedAt)}`;
  const done = studies.filter(({ state }) => state === 'ended').length;
  const isPaused = summary?.state === 'paused';
  return `${isPaused ? 'paused, ' : ''}${count(done)} of ${count(studies.length)} ended`;
}
