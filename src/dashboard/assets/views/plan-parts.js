import { make, table } from '../dom.js';
import { fullName, shapeOf } from '../names.js';
import { count, overDefault, time } from '../numbers.js';

/** @import { PlanSummary, PlanWhole } from '../../served/data.js' */

const COLUMNS = [
  { title: 'kernel' },
  { title: 'gain over default', number: true },
  { title: 'calls', number: true },
];
/** While not all of them have ended. */
const STANDING = [{ title: 'state' }, { title: 'trials', number: true }];
/** Once one of them has been compared. */
const TIMES = [
  { title: 'default, all calls', number: true },
  { title: 'best, all calls', number: true },
  { title: 'share of best, all kernels', number: true },
];

const STATES = /** @type {const} */ ({ waiting: 'waiting', begun: 'at work', ended: 'ended' });

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
export function partsTable(whole, parts, bestUs, { most, show }) {
  const { target, inBar, numbered } = whole;
  const shown = Math.max(most.get(target) ?? PAGE, numbered);
  const left = parts.length - shown;
  const more = () => {
    most.set(target, shown + PAGE);
    show();
  };
  const isUnderWay = parts.some(({ state }) => state !== 'ended');
  const hasTimes = parts.some((part) => timesOf(part).length > 0);
  const columns = [...COLUMNS, ...(isUnderWay ? STANDING : []), ...(hasTimes ? TIMES : [])];
  const rows = parts
    .slice(0, shown)
    .map((part, place) => [
      ...headCells(part, place < inBar ? place + 1 : null),
      ...(isUnderWay ? [STATES[part.state], count(part.trials)] : []),
      ...(hasTimes ? timeCells(part, place < inBar ? bestUs : null, whole) : []),
    ]);
  const words = `show ${count(Math.min(PAGE, left))} more of ${target}`;
  return [
    table(`By kernel on ${target}, those that still take the most time first`, columns, rows),
    left <= 0 ? null : make('p', {}, make('button', { type: 'button', onclick: more }, words)),
  ];
}

/**
 * A kernel with its gain and calls.
 * @param {PlanSummary['studies'][number]} part
 * @param {number | null} number that it has in the bars
 */
function headCells(part, number) {
  const { study, kernel, asked, calls, gainOverDefault: found } = part;
  const link = make(
    'a',
    { href: `#/study/${study}`, 'aria-label': `${kernel} ${shapeOf(part)}${asked}` },
    fullName(kernel, shapeOf(part)),
    asked,
  );
  const ranked = number === null ? null : make('span', { class: 'soft' }, `${count(number)} `);
  const [usualUs, tunedUs] = timesOf(part);
  return [
    make('span', { class: 'ranked' }, ranked, link),
    make(
      'span',
      'why' in found ? { title: found.why } : {},
      withoutTimes(part) ?? overDefault(found, usualUs === tunedUs),
    ),
    count(calls),
  ];
}

/**
 * @param {PlanSummary['studies'][number]} part
 * @param {number | null} bestUs what those in the bar take, tuned; null for one that is not in it
 * @param {Pick<PlanWhole, 'unit'>} whole
 */
function timeCells(part, bestUs, { unit }) {
  const [usualUs, tunedUs] = timesOf(part);
  return [
    usualUs === undefined ? '' : time(usualUs, unit),
    tunedUs === undefined ? '' : time(tunedUs, unit),
    bestUs === null ? '' : shareOf(tunedUs / bestUs),
  ];
}
