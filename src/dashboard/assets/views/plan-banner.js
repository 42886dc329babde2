import { get, post } from '../api.js';
import { make, messageOf, refill } from '../dom.js';
import { count, duration } from '../numbers.js';
import { standingOf } from './list-choice.js';
import { planGains, planTitle } from './plan-words.js';

/** @import { ListedStudy, PlanSummary } from '../../served/data.js' */

/** Less says too little about how long the rest takes. */
const LEAST_SHARE = 0.05;

/**
 * A line for each plan that is at work: how much is done, how long the rest takes, and how much faster it all is so far.
 * @param {AbortSignal} signal
 * @param {() => void} steered
 */
export function planBanners(signal, steered) {
  const box = make('div');
  /** @type {readonly Readonly<{ plan: PlanSummary, at: number }>[]} */
  let plans = [];
  const load = async () => {
    /** @type {readonly Readonly<{ id: string }>[]} */
    const active = await get('/v1/plans?active=true', signal);
    plans = await Promise.all(
      active.map(async ({ id }) => ({
        plan: await get(`/v1/plans/${encodeURIComponent(id)}`, signal),
        at: performance.now(),
      })),
    );
  };
  /** @param {ReadonlyMap<string, ListedStudy>} studies */
  const show = (studies) => {
    const isSome = (/** @type {string} */ standing) =>
      [...studies.values()].some((study) => standingOf(study) === standing);
    const all = [
      ...(['at work', 'waiting', 'interrupted'].some(isSome) ? [steerAll('pause', steered)] : []),
      ...(isSome('paused') ? [steerAll('resume', steered)] : []),
    ];
    refill(box, ...plans.map((each) => banner(each, studies)), make('p', { class: 'controls' }, all));
  };
  return { box, load, show };
}

/**
 * @param {'pause' | 'resume'} verb
 * @param {() => void} done
 */
function steerAll(verb, done) {
  const act = () => void post(`/v1/${verb}`).then(done, (error) => alert(messageOf(error)));
  return make('button', { type: 'button', onclick: act }, `${verb} all`);
}

/**
 * @param {Readonly<{ plan: PlanSummary, at: number }>} known
 * @param {ReadonlyMap<string, ListedStudy>} studies
 */
function banner({ plan, at }, studies) {
  const all = plan.studies.length;
  const done = plan.studies.filter(({ state }) => state === 'ended').length;
  const begun = plan.studies.reduce((sum, { study, state }) => {
    const progress = state === 'ended' ? undefined : studies.get(study)?.progress;
    return sum + (progress?.of ? Math.min(1, progress.trials / progress.of) : 0);
  }, done);
  const paused = plan.studies.filter(
    ({ study, state }) => state !== 'ended' && studies.get(study)?.state === 'paused',
  ).length;
  const share = begun / all;
  const activeMs = plan.activeMs + performance.now() - at;
  // Nobody knows how long the rest takes while some of it waits to be resumed.
  const left =
    paused > 0
      ? `, ${paused === all - done ? '' : `${count(paused)} `}paused`
      : share >= 1
        ? ''
        : share < LEAST_SHARE
          ? `, the time left is told once ${100 * LEAST_SHARE} % is done`
          : `, about ${duration((activeMs * (1 - share)) / share)} left`;
  const name = planTitle({ id: plan.plan, name: plan.name });
  return make(
    'p',
    { class: 'banner' },
    make('a', { href: `#/plan/${encodeURIComponent(plan.plan)}` }, name),
    ' ',
    share < LEAST_SHARE
      ? null
      : make('progress', { max: 1, value: share.toFixed(3), 'aria-label': `progress of ${name}` }),
    ` ${count(done)} of ${count(all)} ended${left}${soFar(plan)}`,
  );
}

/**
 * How much faster the plan's studies that have ended are together, each as often as a model calls it.
 * @param {PlanSummary} plan
 */
function soFar(plan) {
  const words = planGains(plan);
  return words.length === 0 ? '' : `; ${plan.isModel ? 'the model' : 'together'} ${words.join(', ')} so far`;
}
