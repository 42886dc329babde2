import { get } from '../api.js';
import { rooflineChart } from '../charts/roofline.js';
import { waterfall } from '../charts/waterfall.js';
import { make } from '../dom.js';
import { time } from '../numbers.js';

/** @import { WhyDocument } from '../../served/data.js' */

/** The most causes of a step that are named. */
const MOST_CAUSES = 2;

/**
 * Why the configuration to use wins: one parameter at a time, what limits it, and its way below the machine's roofs.
 * @param {string} id
 * @param {AbortSignal} signal
 */
export async function whySection(id, signal) {
  /** @type {WhyDocument} */
  const { way, limit, roofline } = await get(`/v1/studies/${encodeURIComponent(id)}/why`, signal);
  const roofs = 'why' in roofline || roofline.points.length === 0 ? null : rooflineChart(roofline).box;
  return [
    make(
      'section',
      {},
      make('h2', {}, 'Why this one wins'),
      'why' in way ? make('p', { class: 'soft' }, `Not known: ${way.why}.`) : stepsOf(way),
      'why' in limit ? null : make('p', {}, limitSentence(limit)),
    ),
    ...(roofs === null
      ? []
      : [make('section', {}, make('h2', {}, 'Roofline: the way from scalar to winner'), roofs)]),
  ];
}

/** @param {Extract<WhyDocument['way'], { steps: unknown }>} way */
function stepsOf(way) {
  const { steps } = way;
  if (steps.length === 0) return make('p', { class: 'soft' }, 'The default is what to use.');
  const hows = [...new Set(steps.map(({ how }) => how))].join(' and ');
  const causes = steps.flatMap(({ changes, causes: found }) => {
    const told = found.slice(0, MOST_CAUSES).map(({ what, changeUs }) => {
      return `${time(Math.abs(changeUs))} ${changeUs > 0 ? 'more' : 'less'} for ${what}`;
    });
    const name = changes.map(({ parameter }) => parameter).join(', ');
    return told.length === 0 ? [] : [make('li', {}, `${name}: ${told.join(', ')}`)];
  });
  return make(
    'div',
    {},
    make('p', { class: 'soft' }, `One parameter at a time, the one that gains most first; ${hows} times.`),
    make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Steps' }, waterfall(way)),
    causes.length === 0 ? null : make('ul', { class: 'soft' }, causes),
  );
}

/** @param {Extract<WhyDocument['limit'], { what: string }>} limit */
function limitSentence({ what, share, isBusy, leastUs, leastFor }) {
  const percent = `${Math.round(100 * share)} %`;
  const now = isBusy ? `${what} ${percent} busy` : `${percent} of the time goes to ${what}`;
  return `Next limit: ${now}. No configuration takes less than ${time(leastUs)}, for its ${leastFor}.`;
}
