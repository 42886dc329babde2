import { make, table } from '../dom.js';
import { fullName, shapeOf } from '../names.js';
import { count, overDefault, time } from '../numbers.js';

/** @import { PlanSummary, PlanWhole } from '../../served/data.js' */

const COLUMNS = [
  { title: 'kernel' },
  { title: 'gain over default', number: true },
  { title: 'calls', number: true },
  { title: 'default, all calls', number: true },
  { title: 'best, all calls', number: true },
  { title: 'share of best, all kernels', number: true },
];

/** Rows shown at first, and added by each click on "more". */
const PAGE = 40;

/**
 * What all calls of a kernel take, by default and tuned; nothing before a comparison, or without a time of the default.
 * @param {PlanSummary['studies'][number]} part
 */
export function timesOf({ calls, defaultUs, comparedUs }) {
  return comparedUs === null || typeof defaultUs !== 'number' ? [] : [calls * defaultUs, calls * comparedUs];
}

/**
 * Why a kernel has no times, in a word or two; undefined for one that has.
 * @param {PlanSummary['studies'][number]} part
 */
function withoutTimes(part) {
  if (timesOf(part).length > 0) return undefined;
  if (part.state === 'waiting') return 'waiting';
  return part.state === 'begun' ? 'not compared yet' : 'nothing compared';
}

/** @param {number} share */
function shareOf(share) {
  return share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(100 * share)} %`;
}

/**
 * A row for each kernel, with the number that it has in the bars.
 * @param {PlanWhole} whole
 * @param {readonly PlanSummary['studies'][number][]} parts
 * @param {number} bestUs what those in the bar take, tuned
 * @param {Readonly<{ most: Map<string, number>, show: () => void }>} rows how many are shown of each target
 */
export function partsTable({ target, inBar, numbered, unit }, parts, bestUs, { most, show }) {
  const shown = Math.max(most.get(target) ?? PAGE, numbered);
  const left = parts.length - shown;
  const more = () => {
    most.set(target, shown + PAGE);
    show();
  };
  const rowOf = (/** @type {typeof parts[number]} */ part, /** @type {number} */ place) => {
    const { study, kernel, asked, calls, gainOverDefault: found } = part;
    const link = make(
      'a',
      { href: `#/study/${study}`, 'aria-label': `${kernel} ${shapeOf(part)}${asked}` },
      fullName(kernel, shapeOf(part)),
      asked,
    );
    const number = place < inBar ? make('span', { class: 'soft' }, `${count(place + 1)} `) : null;
    const [usualUs, tunedUs] = timesOf(part);
    return [
      make('span', { class: 'ranked' }, number, link),
      make(
        'span',
        'why' in found ? { title: found.why } : {},
        withoutTimes(part) ?? overDefault(found, usualUs === tunedUs),
      ),
      count(calls),
      usualUs === undefined ? '' : time(usualUs, unit),
      tunedUs === undefined ? '' : time(tunedUs, unit),
      place < inBar ? shareOf(tunedUs / bestUs) : '',
    ];
  };
  const caption = `By kernel on ${target}, those that still take the most time first`;
  return [
    table(caption, COLUMNS, parts.slice(0, shown).map(rowOf)),
    left <= 0
      ? null
      : make(
          'p',
          {},
          make(
            'button',
            { type: 'button', onclick: more },
            `show ${count(Math.min(PAGE, left))} more of ${target}`,
          ),
        ),
  ];
}
