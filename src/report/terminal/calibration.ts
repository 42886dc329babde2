import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { CalibrateDocument } from '../../documents/calibrate.ts';
import { LEAST_DESCENTS } from '../../targets/npu/fit/verdicts.ts';
import { formatTimeUs, timeUnitFor } from '../../text/time-text.ts';
import { countOf, formatFactor } from '../words/numbers.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

type Figure = CalibrateDocument['figures'][number];

/** Calls that are listed at most, from the worst. */
const WORST = 8;

/** What a log says of a target's figures, and where the model misses it. */
export function drawCalibration(document: CalibrateDocument, paint: Paint): string {
  const { target, timings, errorBefore, error, errorOfOthers, studies, leftOut } = document;
  const others = errorOfOthers === null ? '' : `; calls that were not fitted: ${percentOff(errorOfOthers)}`;
  return [
    `${paint.bold(target)} against ${countOf(timings, 'call')} of a device, stored in ${countOf(studies.length, 'study', 'studies')}\n`,
    `off by ${percentOff(errorBefore)} with the file's figures, by ${percentOff(error)} with the fitted ones (root mean square)${others}\n`,
    ...leftOut.map(
      ({ what, reason, count, first }) =>
        `${paint.yellow('!')} ${count} ${count === 1 ? what.slice(0, -1) : what} left out: ${reason}\n    first ${first}\n`,
    ),
    ...contradictionLines(document, paint),
    '\n',
    drawFigures(document, paint),
    '\n',
    drawWorst(document, paint),
    `\n${blameSentence(document)}\n`,
    beyondSentence(document),
  ].join('');
}

function contradictionLines({ contradictions }: CalibrateDocument, paint: Paint): readonly string[] {
  const [worst] = contradictions;
  if (worst === undefined) return [];
  const { kernel, shape, places, factor } = worst;
  const calls = `${countOf(contradictions.length, 'call')} ${contradictions.length === 1 ? 'has' : 'have'} timings far apart`;
  const most = `${kernel} ${shape}, ${places.join(' and ')}, ${formatFactor(factor)} apart`;
  return [
    `${paint.yellow('!')} the log contradicts itself: ${calls}, at most ${most}; their median was taken\n`,
  ];
}

function drawFigures({ figures, descents, searches }: CalibrateDocument, paint: Paint): string {
  const shown = figures.filter(({ verdict }) => verdict !== 'unseen');
  const unseen = figures.filter(({ verdict }) => verdict === 'unseen').map(({ figure }) => figure);
  const order = ['fixed', 'narrowed', 'open'];
  const cells = shown
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map((one) => [
      one.figure,
      one.verdict,
      shortly(one.value),
      `${shortly(one.low)} to ${shortly(one.high)}`,
      one.stated.map(shortly).join(' to '),
      remark(one),
    ]);
  const titles = ['figure', 'the log', 'value', 'from … to', 'stated range', ''];
  const table =
    cells.length === 0
      ? 'The log shows no figure that has a range in the target’s file.\n'
      : drawTable({ titles, aligns: ['left', 'left', 'right', 'left', 'left', 'left'], cells }, paint);
  const few =
    descents < LEAST_DESCENTS && cells.length > 0
      ? `${descents} of ${countOf(searches, 'search', 'searches')} explained the log, fewer than ${LEAST_DESCENTS}: it may be explained quite otherwise, so nothing is said to be fixed\n`
      : '';
  return unseen.length === 0
    ? `${table}${few}`
    : `${table}${few}no time of the log shows ${unseen.join(', ')}\n`;
}

function remark({ atBound, alike, verdict }: Figure): string {
  const parts = [
    atBound === null ? '' : `ends at its bound, ${shortly(atBound)}: what lies beyond was not tried`,
    verdict === 'fixed' || alike === null ? '' : `times change as with ${alike}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function drawWorst({ calls }: CalibrateDocument, paint: Paint): string {
  const worst = calls.slice(0, WORST);
  const unit = timeUnitFor(worst.flatMap(({ measuredUs, simulatedUs }) => [measuredUs, simulatedUs]));
  const cells = worst.map(({ place, kernel, shape, dtype, measuredUs, simulatedUs }) => [
    place,
    `${kernel} ${shape} ${dtype}`,
    formatTimeUs(measuredUs, unit),
    formatTimeUs(simulatedUs, unit),
    offWords(simulatedUs / measuredUs),
  ]);
  const titles = ['worst misfits', 'call', 'measured', 'simulated', 'off'];
  return drawTable({ titles, aligns: ['left', 'left', 'right', 'right', 'right'], cells }, paint);
}

function blameSentence({ blame }: CalibrateDocument): string {
  if (!isKnown(blame)) return `Which term is wrong is unknown: ${blame.why}.`;
  const { term, factor, explains } = blame;
  return `Most likely wrong: ${term}. Were it ${formatFactor(factor)} as long, ${Math.round(100 * explains)} % of the squared misfit would be gone.`;
}

function beyondSentence({ beyond }: CalibrateDocument): string {
  if (beyond === null) return '';
  const { figure, bound, value, term, explains } = beyond;
  return `The range of ${figure} is likely too narrow (${term}): it ends at its bound, ${shortly(bound)}, and at ${shortly(value)}, all else as fitted, ${Math.round(100 * explains)} % of the squared misfit would be gone. Widen it in the file and repeat.\n`;
}

/** To four digits; a file has more. */
function shortly(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A root mean square of logarithms as a share. */
function percentOff(error: number): string {
  const share = Math.expm1(error);
  return share >= 10
    ? `a factor of ${formatFactor(1 + share).replace('×', '')}`
    : `${Number((100 * share).toPrecision(2))} %`;
}

/** How far a simulated time is off: a share, or a factor where that is large. */
function offWords(ratio: number): string {
  if (ratio >= 10 || ratio <= 0.1)
    return ratio > 1 ? `${formatFactor(ratio)} as long` : `1/${formatFactor(1 / ratio)}`;
  return `${ratio < 1 ? '−' : '+'}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`;
}
