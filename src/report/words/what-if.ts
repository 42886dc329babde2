import type { Configuration } from '../../../search-space/parameter.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { WhatIfBest } from '../../answers/what-if/what-if.ts';
import { MOST_FLIPS } from '../../answers/what-if/winners.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs, type TimeUnit } from '../../text/time-text.ts';
import { formatFactor, unitOf } from './numbers.ts';

type FlipStory = Pick<WhatIfBest, 'figure' | 'today' | 'changed'>;

/** Where another configuration becomes the best as a figure moves, a sentence each. */
export function flipSentences({ figure, today, changed }: FlipStory): readonly string[] {
  if (figure === null) return [];
  const { name, flips, asked, searchedTo } = figure;
  const way = asked > figure.today ? 'up' : 'down';
  const [first, ...others] = flips;
  const best = wordsOf(today.configuration);
  if (first === undefined) {
    const looked = searchedTo === asked ? '' : `, and beyond that to ${shownValue(searchedTo)} at least`;
    return [`The best stays ${best}, ${way} to ${name}=${shownValue(asked)}${looked}.`];
  }
  const beyond = isBeyond(first.from, figure) ? ' That is beyond the value asked for.' : '';
  let before = first.configuration;
  const sentences = [
    `The best stays ${best}, ${way} to ${name}=${shownValue(first.upTo)}; ${startOf(first, way)} ${changeWords(today.configuration, before)}.${beyond}`,
  ];
  for (const flip of others) {
    const change = changeWords(before, flip.configuration);
    sentences.push(`Then, ${way} to ${name}=${shownValue(flip.upTo)}; ${startOf(flip, way)} ${change}.`);
    before = flip.configuration;
  }
  return beyond === ''
    ? [...sentences, ...restOfWay(figure, changeWords(before, changed.configuration))]
    : sentences;
}

/** What comes between the last flip that is told and the value asked for, where `change` makes the best there. */
function restOfWay(
  { name, asked, flips }: NonNullable<WhatIfBest['figure']>,
  change: string,
): readonly string[] {
  const at = `${name}=${shownValue(asked)} the best has ${change}`;
  if (flips.length < MOST_FLIPS) return change === '' ? [] : [`At ${at}, faster by less than 0.1 %.`];
  return [`More than ${MOST_FLIPS} changes are not looked for${change === '' ? '' : `; at ${at}`}.`];
}

/** What is gained by another configuration on the changed machine. */
export function retuningSentence({ changes, today, changed, searched }: WhatIfBest): string {
  const some = searched.isWhole
    ? ''
    : ` Not all of the ${formatCount(searched.size)} configurations were simulated.`;
  const unit = unitOf([today.timeUs, changed.timeUs, changed.keptUs]);
  const times = `With ${changes.join(', ')} the best takes ${formatTimeUs(changed.timeUs, unit)}, today ${formatTimeUs(today.timeUs, unit)} (simulated)`;
  const isSame = changeWords(today.configuration, changed.configuration) === '';
  return `${times}${isSame ? '' : keptWords(changed, unit)}.${some}`;
}

function keptWords({ keptUs, timeUs }: WhatIfBest['changed'], unit: TimeUnit): string {
  if (!isKnown(keptUs)) return '; today’s best is not possible there';
  return `; today’s best would take ${formatTimeUs(keptUs, unit)} there, ${formatFactor(keptUs / timeUs)} as long`;
}

function startOf({ upTo, from }: Readonly<{ upTo: number; from: number }>, way: 'up' | 'down'): string {
  return shownValue(upTo) === shownValue(from) ? 'from there on' : `from ${shownValue(from)} ${way}`;
}

function isBeyond(value: number, { today, asked }: NonNullable<WhatIfBest['figure']>): boolean {
  return (value - asked) * (asked - today) > 0;
}

/** The parameters that differ, with their new values. */
function changeWords(before: Configuration, after: Configuration): string {
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
  return wordsOf(Object.fromEntries(changed));
}

function wordsOf(configuration: Configuration): string {
  return Object.entries(configuration)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** Whole numbers in full, others with four digits: what the search can tell apart. */
function shownValue(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
