import type { ImportResultsDocument } from '../../documents/import-results.ts';
import { formatCount } from '../../text/number-text.ts';
import type { Paint } from './paint.ts';

/** How many results were taken over, and what was left out and why. */
export function drawImportResults(document: ImportResultsDocument, paint: Paint): string {
  const { study, kernel, target, trials, known, repeated, isNew, leftOut } = document;
  const again = [
    known === 0 ? '' : `, ${formatCount(known)} known already`,
    repeated === 0 ? '' : `, ${formatCount(repeated)} named twice in the file`,
  ].join('');
  const state = isNew ? 'new study' : 'known study';
  const lines = leftOut.map(
    ({ what, reason, count, first }) =>
      `${paint.yellow('!')} ${formatCount(count)} ${count === 1 ? what.slice(0, -1) : what} left out: ${reason}\n    first ${first}\n`,
  );
  const taken = `${formatCount(trials)} ${trials === 1 ? 'result' : 'results'} imported${again}`;
  return `${kernel} on ${target}: ${taken}; ${state} ${study}\n${lines.join('')}`;
}
