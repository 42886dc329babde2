import type { Configuration } from '../../../search-space/parameter.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { WhatIfBest } from '../../answers/what-if/what-if.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { formatFactor } from './numbers.ts';

/** Where another configuration becomes the best as a figure moves, a sentence each. */
export function flipSentences({ figure, today }: WhatIfBest): readonly string[] {
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
    `The best stays ${best}, ${way} to ${name}=${shownValue(first.upTo)}; ${startOf(first)} ${changeWords(today.configuration, before)}.${beyond}`,
  ];
  for (const flip of others) {
    const change = changeWords(before, flip.configuration);
    sentences.push(`Then, ${way} to ${name}=${shownValue(flip.upTo)}; ${startOf(flip)} ${change}.`);
    before = flip.configuration;
  }
  return sentences;
}

/** What is gained by another configuration on the changed machine. */
export function retuningSentence({ changes, today, changed, searched }: WhatIfBest): string {
  const some = searched.isWhole
    ? ''
    : ` Not all of the ${formatCount(searched.size)} configurations were simulated.`;
  const times = `With ${changes.join(', ')} the best takes ${formatTimeUs(changed.timeUs)}, today ${formatTimeUs(today.timeUs)} (simulated)`;
  const isSame = changeWords(today.configuration, changed.configuration) === '';
  return `${times}${isSame ? '' : keptWords(changed)}.${some}`;
}

function keptWords({ keptUs, timeUs }: WhatIfBest['changed']): string {
  if (!isKnown(keptUs)) return '; today’s best is not possible there';
  return `; today’s best would take ${formatTimeUs(keptUs)} there, ${formatFactor(keptUs / timeUs)} as long`;
}

function startOf({ upTo, from }: Readonly<{ upTo: number; from: number }>): string {
  return shownValue(upTo) === shownValue(from) ? 'from there on' : `from ${shownValue(from)} on`;
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
