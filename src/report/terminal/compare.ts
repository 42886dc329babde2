import type { CompareDocument } from '../../documents/compare.ts';
import { listed } from '../story/words.ts';
import { formatGain, formatMicroseconds } from './numbers.ts';
import type { Paint } from './paint.ts';
import { subjectOf, TIME_LABELS } from './study-title.ts';
import { drawTable } from './table.ts';

/** Rows of what got faster or slower, and what the configurations have otherwise. */
export function drawCompare(document: CompareDocument, paint: Paint): string {
  const { rows, onlyBefore, onlyAfter, mismatches, failAbove, failed } = document;
  const cells = rows.map(({ kernel, shape, dtype, target, before, after, change, changed, isWorse }) => {
    const text = formatGain(change);
    return [
      subjectOf({ name: kernel, shape, dtype }),
      target,
      formatMicroseconds(before.timeUs),
      formatMicroseconds(after.timeUs),
      isWorse ? paint.red(text) : change.value < 1 ? paint.green(text) : text,
      changed.map(({ parameter, before, after }) => `${parameter} ${before} → ${after}`).join(', '),
    ];
  });
  const titles = ['kernel', 'target', 'before µs', 'after µs', 'after / before', 'what changed'];
  const aligns = ['left', 'left', 'right', 'right', 'left', 'left'] as const;
  const times = listed([...new Set(rows.map(({ from }) => TIME_LABELS[from]))]);
  return [
    ...mismatches.map((sentence) => `${paint.yellow('!')} forced: ${sentence}\n`),
    drawTable({ titles, aligns, cells }, paint),
    paint.dim(`Times are ${times}.\n`),
    versions(document),
    only('Only before', onlyBefore),
    only('Only after', onlyAfter),
    failAbove === null
      ? ''
      : `${failed === 0 ? paint.green('None') : paint.red(String(failed))} of ${rows.length} slower by more than ${Number((failAbove * 100).toPrecision(6))} %.\n`,
  ].join('');
}

/** Which tool versions found them, where they are not the same. */
function versions({ rows }: CompareDocument): string {
  const of = (side: 'before' | 'after'): string =>
    listed([...new Set(rows.map((row) => row[side].toolVersion))]);
  const [before, after] = [of('before'), of('after')];
  return before === after ? '' : `Found by nightshift ${before} before, ${after} after.\n`;
}

function only(title: string, questions: CompareDocument['onlyBefore']): string {
  if (questions.length === 0) return '';
  const names = questions.map(
    ({ kernel, shape, dtype, target }) => `${subjectOf({ name: kernel, shape, dtype })} on ${target}`,
  );
  return `${title}: ${names.join(', ')}.\n`;
}
