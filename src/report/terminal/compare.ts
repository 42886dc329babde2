import { targetKinds } from '../../../store/target-kinds.ts';
import { type GainFigure, isKnown } from '../../../tuner/attribution/gain.ts';
import type { CompareDocument } from '../../documents/compare.ts';
import { timeIn, timeUnitFor } from '../../text/time-text.ts';
import { reasonWords } from '../../text/unknown-words.ts';
import { listed } from '../words/listed.ts';
import { countOf, formatFactor, formatGain } from '../words/numbers.ts';
import { subjectOf } from '../words/subject.ts';
import { drawFitted } from './fit.ts';
import type { Paint } from './paint.ts';

/** A row for each kernel that was compared, with the parameters that changed. */
export function drawCompare(document: CompareDocument, room: number, paint: Paint): string {
  const { rows, onlyBefore, onlyAfter, mismatches, failAbove, failed, unknown } = document;
  const unit = timeUnitFor(rows.flatMap(({ before, after }) => [before.timeUs, after.timeUs]));
  const cells = rows.map(({ kernel, shape, dtype, target, before, after, change, changed, isWorse }) => {
    const text = changeWords(change);
    return [
      subjectOf({ name: kernel, shape, dtype }),
      target,
      timeIn(unit, before.timeUs),
      timeIn(unit, after.timeUs),
      isWorse ? paint.red(text) : isKnown(change) && change.value < 1 ? paint.green(text) : text,
      changed.map(({ parameter, before, after }) => `${parameter} ${before} → ${after}`).join(', '),
    ];
  });
  const titles = [
    'kernel',
    'target',
    `before ${unit.name}`,
    `after ${unit.name}`,
    'after / before',
    'what changed',
  ];
  const aligns = ['left', 'left', 'right', 'right', 'left', 'left'] as const;
  const yields = ['words', 'words', undefined, undefined, 'words', 'words'] as const;
  const stands = [undefined, 'below', undefined, 'below', undefined, 'below'] as const;
  const times = listed([...new Set(rows.map(({ from }) => targetKinds[from].label))]);
  return [
    ...mismatches.map((sentence) => `${paint.yellow('!')} forced: ${sentence}\n`),
    drawFitted({ titles, aligns, cells, yields, stands }, room, paint),
    paint.dim(`Times are ${times}.\n`),
    versions(document),
    ...askedSentences(document),
    ...rows.flatMap(verifiedSentence),
    only('Only before', onlyBefore),
    only('Only after', onlyAfter),
    failAbove === null
      ? ''
      : `${failed === 0 ? paint.green('None') : paint.red(String(failed))} of ${rows.length} slower by more than ${Number((failAbove * 100).toPrecision(6))} %${unknown === 0 ? '' : `, ${unknown} unknown`}.\n`,
  ].join('');
}

/** "1.07× [1.05, 1.09]", "the same result", or why the change is unknown. */
function changeWords(change: GainFigure): string {
  if (isKnown(change)) return formatGain(change);
  return change.unknown === 'not applicable' ? 'the same result' : reasonWords(change);
}

/** "gelu 65536 f32 on wasm, timed anew: 1.07× in the median of 40 timings, slower than is allowed." */
function verifiedSentence({
  kernel,
  shape,
  dtype,
  target,
  verified,
}: CompareDocument['rows'][number]): readonly string[] {
  if (verified === undefined) return [];
  const { verdict, change, timings, undecided } = verified;
  const words =
    verdict === 'unknown'
      ? `not known: ${undecided}`
      : verdict === 'slower'
        ? 'slower than is allowed'
        : 'not slower than is allowed';
  const figure = isKnown(change) ? `${formatFactor(change)} in ${countOf(timings, 'timing')}, ` : '';
  return [`${subjectOf({ name: kernel, shape, dtype })} on ${target}, timed anew: ${figure}${words}.\n`];
}

/** The tool versions of both sides, if they differ. */
function versions({ rows }: CompareDocument): string {
  const of = (side: 'before' | 'after'): string =>
    listed([...new Set(rows.map((row) => row[side].toolVersion))]);
  const [before, after] = [of('before'), of('after')];
  return before === after ? '' : `Found by nightshift ${before} (before) and ${after} (after).\n`;
}

/** Whose space was restricted, and who sought something else than the time: a slower side may only have been asked for less. */
function askedSentences({ rows }: CompareDocument): readonly string[] {
  return rows.flatMap(({ kernel, shape, dtype, target, before, after }) =>
    Object.entries({ before, after }).flatMap(([side, { objective, restrictedTo }]) => {
      const asked = [
        ...(objective === undefined ? [] : [`it was tuned for ${objective}`]),
        ...(restrictedTo === '' ? [] : [`only ${restrictedTo} was searched`]),
      ];
      return asked.length === 0
        ? []
        : `${subjectOf({ name: kernel, shape, dtype })} on ${target}, ${side}: ${asked.join(', and ')}.\n`;
    }),
  );
}

function only(title: string, questions: CompareDocument['onlyBefore']): string {
  if (questions.length === 0) return '';
  const names = questions.map(
    ({ kernel, shape, dtype, target }) => `${subjectOf({ name: kernel, shape, dtype })} on ${target}`,
  );
  return `${title}: ${names.join(', ')}.\n`;
}
