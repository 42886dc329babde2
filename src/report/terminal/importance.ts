import { targetKinds } from '../../../store/target-kinds.ts';
import type { ImportanceDocument } from '../../documents/importance.ts';
import { fitSentence, idleSentence, importanceRows, shareWords, smallSentence } from '../words/importance.ts';
import { bar } from './bar.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { drawTable } from './table.ts';
import { width } from './width.ts';

const [WHAT, SHARE] = ['explains', 'share'];
const LONGEST_BAR = 40;
const LEAST_BAR = 8;
/** Between columns. */
const GAP = 2;

/** What matters in a study: shares of parameters and pairs, and how well the model fits. */
export function drawImportance(document: ImportanceDocument, columns: number, paint: Paint): string {
  const { study, from, parameters, interactions } = document;
  const rows = importanceRows({ parameters, interactions });
  const names = Math.max(WHAT.length, ...rows.map(({ what }) => width(what)));
  const longest = Math.max(LEAST_BAR, Math.min(LONGEST_BAR, columns - names - SHARE.length - 2 * GAP));
  const cells = rows.map(({ what, share }) => [what, shareWords(share), paint.cyan(bar(longest * share))]);
  const small = smallSentence(document);
  return [
    drawTitle(study, targetKinds[from].label, paint),
    `\n${drawTable({ titles: [WHAT, SHARE, ''], aligns: ['left', 'right', 'left'], cells }, paint)}`,
    small === '' ? '' : paint.dim(`${small}\n`),
    document.idle.length === 0 ? '' : paint.dim(`${idleSentence(document)}\n`),
    `\n${fitSentence(document)}\n`,
  ].join('');
}
