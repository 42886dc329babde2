import { LEAST_SHARE } from '../charts/bar-labels.js';
import { make, table } from '../dom.js';
import { fullName, shapeOf } from '../names.js';
import { count, gain, time, unitFor } from '../numbers.js';

/** @import { ModelPart } from '../charts/whole-bars.js' */

/** Rows shown at first, and added by each click on "more". */
const PAGE = 40;

/**
 * Whether a part counts in the whole: both times are known, and the gain, or the default is what to use.
 * @param {ModelPart} part
 */
export function isInSum({ default: usual, tuned, gainOverDefault: found }) {
  return usual !== null && tuned !== null && (!('unknown' in found) || found.unknown === 'not applicable');
}

/** @param {number} share */
function shareOf(share) {
  return share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(100 * share)} %`;
}

/**
 * How many rows there are until the last kernel that has its number in a bar.
 * @param {readonly ModelPart[]} parts
 */
function lastNumbered(parts) {
  const known = parts.filter(isInSum);
  const isNumbered = (/** @type {'default' | 'tuned'} */ which) => {
    const sum = known.reduce((total, part) => total + (part[which]?.us ?? 0), 0);
    return (/** @type {ModelPart} */ part) => (part[which]?.us ?? 0) >= LEAST_SHARE * sum;
  };
  const [first, second] = [isNumbered('default'), isNumbered('tuned')];
  return 1 + known.findLastIndex((part) => first(part) || second(part));
}

/**
 * Why a kernel has no gain, in a word or two.
 * @param {ModelPart} part
 */
function withoutGain({ state, tuned, gainOverDefault: found }) {
  if (state === 'waiting') return 'waiting';
  if (state === 'begun') return 'not compared yet';
  if (tuned === null) return 'nothing compared';
  return 'unknown' in found && found.unknown === 'not applicable' ? 'default is fastest' : gain(found);
}

/**
 * A row for each kernel, with the number that it has in the bars.
 * @param {readonly ModelPart[]} parts
 * @param {number} whole what those with a known gain take, tuned
 * @param {Readonly<{ most: Map<string, number>, show: () => void }>} rows how many are shown of each target
 */
export function partsTable(parts, whole, { most, show }) {
  const [{ target }] = parts;
  const columns = [
    { title: 'kernel' },
    { title: 'gain', number: true },
    { title: 'calls', number: true },
    { title: 'default, all calls', number: true },
    { title: 'time left, all calls', number: true },
    { title: 'share of what is left', number: true },
  ];
  const unit = unitFor(parts.flatMap(({ default: usual, tuned }) => [usual?.us, tuned?.us]));
  const shown = Math.max(most.get(target) ?? PAGE, lastNumbered(parts));
  const left = parts.length - shown;
  const more = () => {
    most.set(target, shown + PAGE);
    show();
  };
  const rowOf = (/** @type {ModelPart} */ part, /** @type {number} */ place) => {
    const { study, kernel, asked, calls, default: usual, tuned, gainOverDefault: found } = part;
    const link = make(
      'a',
      { href: `#/study/${study}`, 'aria-label': `${kernel} ${shapeOf(part)}${asked}` },
      fullName(kernel, shapeOf(part)),
      asked,
    );
    const number = isInSum(part) ? make('span', { class: 'soft' }, `${count(place + 1)} `) : null;
    return [
      make('span', { class: 'ranked' }, number, link),
      'why' in found ? make('span', { title: found.why }, withoutGain(part)) : gain(found),
      count(calls),
      usual === null ? '' : time(usual.us, unit),
      tuned === null ? '' : time(tuned.us, unit),
      tuned === null || !isInSum(part) ? '' : shareOf(tuned.us / whole),
    ];
  };
  const caption = `By kernel on ${target}, those that still take the most time first`;
  return [
    table(caption, columns, parts.slice(0, shown).map(rowOf)),
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
