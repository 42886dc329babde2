import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { WhatIfBest } from '../../answers/what-if/what-if.ts';
import { isBeyond, MOST_FLIPS } from '../../answers/what-if/winners.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs, type TimeUnit } from '../../text/time-text.ts';
import { changesText, configurationText } from './configuration.ts';
import { formatFactor, unitOf } from './numbers.ts';

type FlipStory = Pick<WhatIfBest, 'figure' | 'today' | 'changed'>;

/** Where another configuration becomes the best as a figure moves, a sentence each. */
export function flipSentences({ figure, today, changed }: FlipStory): readonly string[] {
  if (figure === null) return [];
  const { name, flips, asked, searchedTo } = figure;
  const way = asked > figure.today ? 'up' : 'down';
  const [first, ...others] = flips;
  const best = configurationText(today.configuration);
  const change = changesText(changed.configuration, flips.at(-1)?.configuration ?? today.configuration);
  if (first === undefined && change !== 'nothing')
    return [`At ${name}=${shownValue(asked)} the best has ${change}.`];
  if (first === undefined) {
    const looked = searchedTo === asked ? '' : `, and beyond that to ${shownValue(searchedTo)} at least`;
    return [`The best stays ${best}, ${way} to ${name}=${shownValue(asked)}${looked}.`];
  }
  const beyond = isBeyond(first.from, figure) ? ' That is beyond the value asked for.' : '';
  let before = first.configuration;
  const sentences = [
    `The best stays ${best}, ${way} to ${name}=${shownValue(first.upTo)}; ${startOf(first, way)} ${changesText(before, today.configuration)}.${beyond}`,
  ];
  for (const flip of others) {
    const change = changesText(flip.configuration, before);
    sentences.push(`Then, ${way} to ${name}=${shownValue(flip.upTo)}; ${startOf(flip, way)} ${change}.`);
    before = flip.configuration;
  }
  return beyond === '' ? [...sentences, ...restOfWay(figure, change)] : sentences;
}

/** What comes between the last flip that is told and the value asked for, where `change` makes the best there. */
function restOfWay(
  { name, asked, flips }: NonNullable<WhatIfBest['figure']>,
  change: string,
): readonly string[] {
  const at = `${name}=${shownValue(asked)} the best has ${change}`;
  const told = change === 'nothing' ? '' : at;
  if (flips.length < MOST_FLIPS) return told === '' ? [] : [`At ${told}.`];
  return [`More than ${MOST_FLIPS} changes are not looked for${told === '' ? '' : `; at ${told}`}.`];
}

/** What is gained by another configuration on the changed machine. */
export function retuningSentence({ changes, today, changed, searched }: WhatIfBest): string {
  const some = searched.isWhole
    ? ''
    : ` Not all of the ${formatCount(searched.size)} configurations were simulated.`;
  const unit = unitOf([today.timeUs, changed.timeUs, changed.keptUs]);
  const times = `With ${changes.join(', ')} the best takes ${formatTimeUs(changed.timeUs, unit)}, today ${formatTimeUs(today.timeUs, unit)} (simulated)`;
  const isSame = changesText(changed.configuration, today.configuration) === 'nothing';
  return `${times}${isSame ? '; nothing else is faster by 1 %' : keptWords(changed, unit)}.${some}`;
}

function keptWords({ keptUs, timeUs }: WhatIfBest['changed'], unit: TimeUnit): string {
  if (!isKnown(keptUs)) return '; today’s best is not possible there';
  return `; today’s best would take ${formatTimeUs(keptUs, unit)} there, ${formatFactor(keptUs / timeUs)} as long`;
}

function startOf({ upTo, from }: Readonly<{ upTo: number; from: number }>, way: 'up' | 'down'): string {
  return shownValue(upTo) === shownValue(from) ? 'from there on' : `from ${shownValue(from)} ${way}`;
}

/** Whole numbers in full, others with four digits: what the search can tell apart. */
function shownValue(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
