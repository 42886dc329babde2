import type { PublishedGain } from '../../answers/published.ts';
import { MECHANISM_NAMES } from '../story/gain-words.ts';
import { formatFactor, formatGain } from './numbers.ts';

/** "MT: published 3.91× (arXiv 2602.20204), here 3.86× [3.68, 3.94]" */
export function publishedSentence({ mechanism, value, source, caveat, here }: PublishedGain): string {
  const from = caveat === null ? source : `${source}, ${caveat}`;
  const ours = here === null ? 'here unknown' : `here ${formatGain(here)}`;
  return `${MECHANISM_NAMES[mechanism]}: published ${formatFactor(value)} (${from}), ${ours}`;
}
