import type { PublishedGain } from '../../answers/published.ts';
import { MECHANISM_NAMES } from '../story/gain-words.ts';
import { figureWords, formatFactor } from './numbers.ts';

/** "MT: published 3.91× (arXiv 2602.20204), here 3.86× [3.68, 3.94]" */
export function publishedSentence({ mechanism, value, source, caveat, here }: PublishedGain): string {
  const from = caveat === null ? source : `${source}, ${caveat}`;
  return `${MECHANISM_NAMES[mechanism]}: published ${formatFactor(value)} (${from}), here ${figureWords(here)}`;
}
