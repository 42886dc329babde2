import { MECHANISMS } from '../../../search-space/parameter.ts';
import type { Findings } from '../../../tuner/attribution/findings.ts';
import { gainSentences, MECHANISM_NAMES } from '../story/gain-words.ts';
import { formatGain, formatShare } from '../words/numbers.ts';
import { drawWithin } from './fit.ts';
import type { Paint } from './paint.ts';
import { wrapped } from './width.ts';

/** The gains of each mechanism, then a line for each part of a gain and each rival. */
export function drawGains(gains: Findings['gains'], columns: number, paint: Paint): string {
  const rows = MECHANISMS.flatMap((mechanism) => {
    const found = gains[mechanism];
    return found === undefined ? [] : [{ mechanism, found }];
  });
  const cells = rows.map(({ mechanism, found }) => [
    MECHANISM_NAMES[mechanism],
    formatGain(found.alone),
    formatGain(found.leftOut),
    formatGain(found.forced),
    formatShare(found.shapleyShare),
  ]);
  const titles = ['', 'alone', 'left out', 'forced', 'Shapley share'];
  const table = drawWithin({ titles, aligns: titles.map(() => 'left'), cells }, columns, paint);
  const told = gainSentences(gains).map((sentence) => wrapped(sentence, columns));
  return table + told.join('');
}
