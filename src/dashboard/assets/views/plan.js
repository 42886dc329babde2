import { get } from '../api.js';
import { wholeBars } from '../charts/whole-bars.js';
import { make, refill } from '../dom.js';
import { count, gain, time, unitFor } from '../numbers.js';
import { paced } from '../paced.js';
import { timeLabels } from '../words.js';
import { isInSum, partsTable } from './plan-parts.js';
import { planContent, planTitle } from './plan-words.js';

/** @import { PlanSummary, StudyBreakdowns, View } from '../../served/data.js' */
/** @import { ModelPart } from '../charts/whole-bars.js' */

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
  const name = encodeURIComponent(id);
  /** @type {Map<string, number>} rows of each target's table */
  const most = new Map();
  /** @type {ReadonlyMap<string, StudyBreakdowns>} */
  let spent = new Map();
  /** @type {PlanSummary} */
  let plan = await get(`/v1/plans/${name}`, signal);
  const show = () => {
    const parts = plan.studies.map((study) => partOf(study, spent.get(study.study)));
    const targets = [...new Set(parts.flatMap(({ from, target }) => (from === null ? [] : [target])))];
    refill(
      body,
      stateOf(plan),
      ...targets.flatMap((target) => targetOf(target, plan, parts, { most, show })),
    );
  };
  const colour = async () => {
    /** @type {readonly StudyBreakdowns[]} */
    const found = await get(`/dashboard/data/breakdowns/${name}`, signal);
    spent = new Map(found.map((each) => [each.study, each]));
    show();
  };
  const load = async () => {
    plan = await get(`/v1/plans/${name}`, signal);
    show();
    await colour();
  };
  show();
  colour().catch(() => {});
  const later = paced(() => load().catch(() => {}), PACE_MS);
  return {
    title: planTitle({ id, name: plan.name }),
    nodes: [make('h1', {}, planTitle({ id, name: plan.name })), body],
    refresh: (event) => {
      if (event.kind === 'ended' || event.kind === 'plan' || event.kind === 'reset') later();
    },
  };
}

/**
 * @param {PlanSummary['studies'][number]} study
 * @param {StudyBreakdowns | undefined} spent
 * @returns {ModelPart}
 */
function partOf(study, spent) {
  const { calls, defaultUs, comparedUs } = study;
  if (comparedUs === null || typeof defaultUs !== 'number') return { ...study, default: null, tuned: null };
  return {
    ...study,
    default: { us: calls * defaultUs, parts: spent?.default ?? null },
    tuned: { us: calls * comparedUs, parts: spent?.best ?? null },
  };
}

/** @param {PlanSummary} plan */
function stateOf(plan) {
  const { state, studies, submittedAt } = plan;
  const done = studies.filter((each) => each.state === 'ended').length;
  const since = new Date(submittedAt).toLocaleString();
  const now = { active: ', at work', paused: ', paused', ended: '' }[state];
  const ended = `${count(done)} of ${count(studies.length)} ended${now}`;
  return make('p', {}, `${planContent(plan)}. ${ended}, submitted ${since}.`);
}

/**
 * @param {string} target
 * @param {PlanSummary} plan
 * @param {readonly ModelPart[]} all
 * @param {Readonly<{ most: Map<string, number>, show: () => void }>} rows
 */
function targetOf(target, { isModel, sums }, all, rows) {
  const left = (/** @type {ModelPart} */ { tuned }) => tuned?.us ?? Number.NEGATIVE_INFINITY;
  const own = all.filter((part) => part.target === target);
  // Those of the bar first, so that a kernel has one number in both.
  const parts = [true, false].flatMap((isIn) =>
    own.filter((part) => isInSum(part) === isIn).sort((a, b) => left(b) - left(a)),
  );
  const known = parts.filter(isInSum);
  const sum = sums.find((each) => each.target === target);
  const unit = unitFor([sum?.defaultUs, sum?.comparedUs]);
  const { from } = parts[0];
  const title = `${isModel ? 'The whole model' : 'All kernels of the plan'} on ${target}${from === null ? '' : ` (${timeLabels[from]})`}`;
  const sentence =
    sum === undefined
      ? `No gain is known yet${restOf(parts)}.`
      : `${time(sum.defaultUs, unit)} → ${time(sum.comparedUs, unit)}, ${gain(sum.gain)} as fast, over ${count(sum.studies)} of ${count(parts.length)}${restOf(parts)}.`;
  return [
    make('h2', {}, title),
    make('p', {}, sentence),
    known.length === 0 ? null : wholeBars(title, known),
    ...partsTable(parts, sum?.comparedUs ?? 0, rows),
  ].filter((node) => node !== null);
}

/**
 * What the whole leaves out, and why.
 * @param {readonly ModelPart[]} parts
 */
function restOf(parts) {
  const left = parts.filter((part) => !isInSum(part));
  const untold = left.filter(({ tuned }) => tuned !== null).length;
  const waiting = left.length - untold;
  return [
    untold === 0 ? '' : `; left out as unknown: the gain of ${count(untold)}`,
    waiting === 0 ? '' : `; not compared yet, or without a time: ${count(waiting)}`,
  ].join('');
}
