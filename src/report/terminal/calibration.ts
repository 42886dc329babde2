import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { CalibrateDocument } from '../../documents/calibrate.ts';
import { LEAST_DESCENTS } from '../../targets/npu/fit/fit-times.ts';
import { formatTimeUs } from '../../text/time-text.ts';
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
    '\n',
    drawFigures(document, paint),
    '\n',
    drawWorst(document, paint),
    `\n${blameSentence(document)}\n`,
  ].join('');
}

function drawFigures({ figures, descents }: CalibrateDocument, paint: Paint): string {
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
      one.stated.join(' to '),
      remark(one),
    ]);
  const titles = ['figure', 'the log', 'value', 'from … to', 'stated range', ''];
  const table =
    cells.length === 0
      ? 'The log shows no figure that has a range in the target’s file.\n'
      : drawTable({ titles, aligns: ['left', 'left', 'right', 'left', 'left', 'left'], cells }, paint);
  const few =
    descents < LEAST_DESCENTS && cells.length > 0
      ? `${countOf(descents, 'descent')} explained the log, fewer than ${LEAST_DESCENTS}: it may be explained quite otherwise, so nothing is said to be fixed\n`
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
  const cells = calls
    .slice(0, WORST)
    .map(({ place, kernel, shape, dtype, measuredUs, simulatedUs }) => [
      place,
      `${kernel} ${shape} ${dtype}`,
      formatTimeUs(measuredUs),
      formatTimeUs(simulatedUs),
      signed(simulatedUs / measuredUs - 1),
    ]);
  const titles = ['worst misfits', 'call', 'measured', 'simulated', 'off'];
  return drawTable({ titles, aligns: ['left', 'left', 'right', 'right', 'right'], cells }, paint);
}

function blameSentence({ blame }: CalibrateDocument): string {
  if (!isKnown(blame)) return `Which term is wrong is unknown: ${blame.why}.`;
  const { term, factor, explains } = blame;
  return `Most likely wrong: ${term}. Were it ${formatFactor(factor)} as long, ${Math.round(100 * explains)} % of the squared misfit would be gone.`;
}

/** To four digits; a file has more. */
function shortly(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A root mean square of logarithms as a share. */
function percentOff(error: number): string {
  return `${Number((100 * Math.expm1(error)).toPrecision(2))} %`;
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(1)} %`;
}
