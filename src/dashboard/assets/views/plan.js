import { get } from '../api.js';
import { wholeBars } from '../charts/whole-bars.js';
import { make, refill } from '../dom.js';
import { count, gain, moment, time } from '../numbers.js';
import { paced } from '../paced.js';
import { planBanners } from './plan-banner.js';
import { partsTable, timesOf } from './plan-parts.js';
import { planContent, planTitle } from './plan-words.js';

/** @import { ListedStudy, PlanSummary, PlanWhole, View } from '../../served/data.js' */

const PACE_MS = 3000;

/**
 * A plan, or the model that it tunes: how far it is, and for each target the whole as one bar, which fills in as studies
 * end, with a row for each kernel, those that still take the most time first. What calls spend their time on takes longer to
 * compute than all else, so the bars are coloured later.
 * @param {readonly string[]} words
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function planView([id], signal) {
  const body = make('div');
  const banners = planBanners(signal, () => later());
  const name = encodeURIComponent(id);
  /** @type {Map<string, number>} rows of each target's table */
  const most = new Map();
  /** @type {PlanSummary} */
  let plan = await get(`/v1/plans/${name}`, signal);
  /** @type {readonly PlanWhole[]} */
  let wholes = await get(`/dashboard/data/wholes/${name}`, signal);
  let drawn = '';
  const show = () => {
    drawn = JSON.stringify([plan, wholes]);
    refill(body, stateOf(plan), ...wholes.flatMap((whole) => targetOf(whole, plan, { most, show })));
  };
  const colour = async () => {
    /** @type {readonly PlanWhole[]} */
    const coloured = await get(`/dashboard/data/wholes/${name}?coloured=true`, signal);
    const isNew = JSON.stringify([plan, coloured]) !== drawn;
    wholes = coloured;
    // What is drawn anew loses the place of the keyboard.
    if (isNew) show();
  };
  const loadBanners = async () => {
    banners.box.hidden = plan.state === 'ended';
    if (plan.state === 'ended') return;
    /** @type {readonly ListedStudy[]} */
    const studies = await get('/dashboard/data/listed', signal);
    await banners.load();
    banners.show(new Map(studies.map((study) => [study.id, study])));
  };
  const load = async () => {
    plan = await get(`/v1/plans/${name}`, signal);
    await Promise.all([loadBanners(), colour()]);
  };
  show();
  await loadBanners();
  colour().catch(() => {});
  const later = paced(() => load().catch(() => {}), PACE_MS);
  return {
    title: planTitle({ id, name: plan.name }),
    nodes: [make('h1', {}, planTitle({ id, name: plan.name })), banners.box, body],
    refresh: (event) => {
      if (event.kind === 'ended' || event.kind === 'plan' || event.kind === 'reset') later();
    },
  };
}

/** @param {PlanSummary} plan */
function stateOf(plan) {
  const { state, studies, submittedAt } = plan;
  const done = studies.filter((each) => each.state === 'ended').length;
  const since = moment(submittedAt);
  const now = { active: ', at work', paused: ', paused', ended: '' }[state];
  const ended = `${count(done)} of ${count(studies.length)} ended${now}`;
  return make('p', {}, `${planContent(plan)}. ${ended}, submitted ${since}.`);
}

/**
 * @param {PlanWhole} whole
 * @param {PlanSummary} plan
 * @param {Readonly<{ most: Map<string, number>, show: () => void }>} rows
 */
function targetOf(whole, { studies, sums }, rows) {
  const { target, title, order, inBar, unit, svg } = whole;
  const parts = order.flatMap((id) => studies.filter(({ study }) => study === id));
  const sum = sums.find((each) => each.target === target);
  const rest = restOf(parts.slice(inBar));
  const sentence =
    sum === undefined
      ? `No gain is known yet${rest}.`
      : `${time(sum.defaultUs, unit)} → ${time(sum.comparedUs, unit)}, ${gain(sum.gain)} as fast, over ${count(sum.studies)} of ${count(parts.length)}${rest}.`;
  return [
    make('h2', {}, title),
    make('p', {}, sentence),
    svg === null ? null : wholeBars(title, svg),
    ...partsTable(whole, parts, sum?.comparedUs ?? 0, rows),
  ].filter((node) => node !== null);
}

/**
 * What the whole leaves out, and why.
 * @param {readonly PlanSummary['studies'][number][]} left
 */
function restOf(left) {
  const untold = left.filter((part) => timesOf(part).length > 0).length;
  const waiting = left.length - untold;
  return [
    untold === 0 ? '' : `; left out as unknown: the gain of ${count(untold)}`,
    waiting === 0 ? '' : `; not compared yet, or without a time: ${count(waiting)}`,
  ].join('');
}
