import { get } from '../api.js';
import { wholeBars } from '../charts/whole-bars.js';
import { make, refill, table } from '../dom.js';
import { shapeOf, shortened } from '../names.js';
import { count, gain, time, unitFor } from '../numbers.js';
import { paced } from '../paced.js';
import { timeLabels } from '../words.js';

/** @import { ModelPart, PlanSummary, View } from '../../served/data.js' */

const PACE_MS = 3000;

/**
 * A plan, or the model that it tunes: how far it is, and for each target the whole as one bar, which fills in as studies
 * end, with a row for each kernel, those that still take the most time first.
 * @param {readonly string[]} words
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function planView([id], signal) {
  const body = make('div');
  const load = async () => {
    /** @type {Readonly<{ plan: PlanSummary, parts: readonly ModelPart[] }>} */
    const { plan, parts } = await get(`/dashboard/data/plans/${encodeURIComponent(id)}`, signal);
    const targets = [...new Set(parts.map(({ target }) => target))];
    refill(body, stateOf(plan), ...targets.flatMap((target) => targetOf(target, plan, parts)));
  };
  await load();
  const later = paced(() => load().catch(() => {}), PACE_MS);
  return {
    title: `Plan ${id}`,
    nodes: [make('h1', {}, `Plan ${id}`), body],
    refresh: (event) => {
      if (event.kind === 'ended' || event.kind === 'plan' || event.kind === 'reset') later();
    },
  };
}

/** @param {PlanSummary} plan */
function stateOf({ state, studies, submittedAt }) {
  const done = studies.filter((each) => each.state === 'ended').length;
  const since = new Date(submittedAt).toLocaleString();
  const now = state === 'ended' ? '' : `; ${state}`;
  return make('p', {}, `${count(done)} of ${count(studies.length)} ended${now}, submitted ${since}.`);
}

/**
 * @param {string} target
 * @param {PlanSummary} plan
 * @param {readonly ModelPart[]} all
 */
function targetOf(target, { studies, sums }, all) {
  const left = (/** @type {ModelPart} */ { best }) => best?.us ?? Number.NEGATIVE_INFINITY;
  const parts = all.filter((part) => part.target === target).sort((a, b) => left(b) - left(a));
  const known = parts.filter(isInSum);
  const sum = sums.find((each) => each.target === target);
  const unit = unitFor([sum?.defaultUs, sum?.comparedUs]);
  const isModel = studies.some(({ calls }) => calls > 1);
  const title = `${isModel ? 'The whole model' : 'All studies'} on ${target} (${timeLabels[parts[0].from]})`;
  const sentence =
    sum === undefined
      ? `No gain is known yet${restOf(parts)}.`
      : `${time(sum.defaultUs, unit)} → ${time(sum.comparedUs, unit)}, ${gain(sum.gain)} as fast, over ${count(sum.studies)} of ${count(parts.length)}${restOf(parts)}.`;
  return [
    make('h2', {}, title),
    make('p', {}, sentence),
    known.length === 0 ? null : wholeBars(title, known),
    partsTable(parts, sum?.comparedUs ?? 0),
  ].filter((node) => node !== null);
}

/**
 * Whether a part counts in the whole: both times are known, and the gain, or the default is what to use.
 * @param {ModelPart} part
 */
function isInSum({ default: usual, best, gain: found }) {
  return usual !== null && best !== null && (!('unknown' in found) || found.unknown === 'not applicable');
}

/**
 * What the whole leaves out, and why.
 * @param {readonly ModelPart[]} parts
 */
function restOf(parts) {
  const left = parts.filter((part) => !isInSum(part));
  const untold = left.filter(({ best }) => best !== null).length;
  const waiting = left.length - untold;
  return [
    untold === 0 ? '' : `; left out as unknown: the gain of ${count(untold)}`,
    waiting === 0 ? '' : `; not compared yet, or without a time: ${count(waiting)}`,
  ].join('');
}

/** @param {number} share */
function shareOf(share) {
  return share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(100 * share)} %`;
}

/**
 * @param {readonly ModelPart[]} parts
 * @param {number} whole what those with a known gain take, tuned
 */
function partsTable(parts, whole) {
  const columns = [
    { title: 'kernel' },
    { title: 'gain', number: true },
    { title: 'calls', number: true },
    { title: 'default, all calls', number: true },
    { title: 'time left, all calls', number: true },
    { title: 'share of what is left', number: true },
  ];
  const unit = unitFor(parts.flatMap(({ default: usual, best }) => [usual?.us, best?.us]));
  const rows = parts.map((part) => {
    const { study, kernel, calls, default: usual, best, gain: found } = part;
    const link = make(
      'a',
      { href: `#/study/${study}`, 'aria-label': `${kernel} ${shapeOf(part)}` },
      shortened(kernel, shapeOf(part)),
    );
    return [
      link,
      best === null ? '–' : 'why' in found ? make('span', { title: found.why }, gain(found)) : gain(found),
      count(calls),
      time(usual?.us, unit),
      time(best?.us, unit),
      best === null || !isInSum(part) ? '–' : shareOf(best.us / whole),
    ];
  });
  return table(`By kernel on ${parts[0].target}, those that still take the most time first`, columns, rows);
}
