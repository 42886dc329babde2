import { targetKinds } from '../../../store/target-kinds.ts';
import type { ImportanceDocument } from '../../documents/importance.ts';
import { fitSentence, idleSentence, importanceRows, shareWords } from '../words/importance.ts';
import { bar } from './bar.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { drawTable } from './table.ts';

const LONGEST_BAR = 40;

/** What matters in a study: shares of parameters and pairs, and how well the model fits. */
export function drawImportance(document: ImportanceDocument, paint: Paint): string {
  const { study, from, parameters, interactions } = document;
  const cells = importanceRows({ parameters, interactions }).map(({ what, share }) => [
    what,
    shareWords(share),
    paint.cyan(bar(LONGEST_BAR * share)),
  ]);
  const small = parameters.filter(({ share }) => share < 0.01).map(({ name }) => name);
  return [
    drawTitle(study, targetKinds[from].label, paint),
    `\n${drawTable({ titles: ['explains', 'share', ''], aligns: ['left', 'right', 'left'], cells }, paint)}`,
    small.length === 0 ? '' : paint.dim(`less than 1 % by itself: ${small.join(', ')}\n`),
    document.idle.length === 0 ? '' : paint.dim(`${idleSentence(document)}\n`),
    `\n${fitSentence(document)}\n`,
  ].join('');
}
