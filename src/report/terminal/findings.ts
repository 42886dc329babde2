import { targetKinds } from '../../../store/target-kinds.ts';
import type { Findings } from '../../../tuner/attribution/findings.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { StopReason } from '../../../tuner/budget.ts';
import type { StudyDocument } from '../../documents/findings.ts';
import { formatTimeUs, timeIn, timeUnitFor } from '../../text/time-text.ts';
import { nothingSentence } from '../words/nothing.ts';
import { formatFactor, formatInterval } from '../words/numbers.ts';
import { publishedSentence } from '../words/published.ts';
import { drawSurroundings } from '../words/surroundings.ts';
import { describeTrials } from '../words/trials.ts';
import { drawChoices } from './choices.ts';
import { drawFront } from './front.ts';
import { drawGains } from './gains.ts';
import { drawLadder, drawSteps } from './ladder.ts';
import type { Paint } from './paint.ts';
import { drawTitle } from './study-title.ts';
import { wrapped } from './width.ts';

const ENDS: Readonly<Record<StopReason, string>> = Object.freeze({
  trials: 'the budget of trials is spent',
  time: 'the budget of time is spent',
  deadline: 'the deadline is reached',
  stalled: 'nothing got better for a while',
  exhausted: 'the whole space was tried',
  failing: 'stopped, because all configurations failed in the same way, including the default',
  interrupted: 'interrupted; the same command continues',
});

export type FindingsView = Readonly<{
  document: StudyDocument;
  /** Where it was stored: "study 1a2b… in ./nightshift.db". */
  place: string;
  columns: number;
  paint: Paint;
}>;

/** A study's findings as text: gain over the default, configuration to use, ladders, gains, warnings. */
export function drawFindings(view: FindingsView): string {
  const { document, place, columns, paint } = view;
  const from = document.best?.provenance.from;
  const sections = [
    drawTitle(document.study, from && targetKinds[from].label, paint) +
      drawHeadline(document, columns, paint),
    drawChoices(document, columns, paint),
    document.front === undefined || from === undefined ? '' : drawFront(document.front, from, columns, paint),
    ...(hasMechanisms(document) ? [drawTunedLadder(view), drawFixedTileLadder(view)] : []),
    section(
      'Published for this kernel and device',
      document.published.map((gain) => wrapped(publishedSentence(gain), columns)).join(''),
      view,
    ),
    section(
      'Gain by mechanism',
      document.winner === null || Object.keys(document.gains).length === 0
        ? ''
        : drawGains(document.gains, columns, paint),
      view,
    ),
    // Behind the figures that they explain.
    section('Steps of the ladder', stepsOf(document.ladder, view), view),
    section(
      'Steps with one schedule',
      hasOwnSteps(document) ? stepsOf(document.ladderFixedTile, view) : '',
      view,
    ),
    document.warnings.map((warning) => wrapped(`${paint.yellow('!')} ${warning}`, columns)).join(''),
    `${wrapped(`${describeTrials(document.trials, document.compared)}; ${ENDS[document.stoppedBy]}.`, columns)}${wrapped(drawSurroundings(document.environment), columns)}Kept as ${place}.\n`,
  ];
  return sections.filter((text) => text !== '').join('\n');
}

/** "17.1× as fast as the default: 3,041 → 178 µs simulated" */
export function drawHeadline(
  { gainOverDefault, default: preferred, best }: Findings,
  columns: number,
  paint: Paint,
): string {
  if (best === null) return `${paint.red(nothingSentence(gainOverDefault))}\n`;
  const unit = timeUnitFor([best.timeUs, ...(preferred === null ? [] : [preferred.timeUs])]);
  const time = formatTimeUs(best.timeUs, unit);
  const label = targetKinds[best.provenance.from].label;
  if (!isKnown(gainOverDefault) || preferred === null)
    return `${paint.bold(time)} ${label}${whyNoGain(gainOverDefault)}\n`;
  const interval = formatInterval(gainOverDefault);
  const gain = `${formatFactor(gainOverDefault.value)} as fast as the default`;
  const was = `${timeIn(unit, preferred.timeUs)} → ${time} ${label}`;
  return wrapped(`${paint.bold(paint.green(gain))}${interval === '' ? '' : ` ${interval}`}: ${was}`, columns);
}

/** ": the default itself is the fastest that was found"; empty where a warning says it. */
function whyNoGain(gain: Findings['gainOverDefault']): string {
  return isKnown(gain) || gain.unknown !== 'not applicable' ? '' : `: ${gain.why}`;
}

/** Whether the space has parameters of a mechanism: without any there is no ladder. */
function hasMechanisms({ gains, ladder }: Findings): boolean {
  return isKnown(ladder) || Object.keys(gains).length > 0;
}

function drawTunedLadder(view: FindingsView): string {
  const { document, columns, paint } = view;
  const { ladder, winner } = document;
  if (winner === null) return '';
  const title = `Ladder, ${targetKinds[winner.provenance.from].label}: everything else tuned on each rung`;
  return isKnown(ladder) ? section(title, drawLadder(ladder, columns, paint), view) : '';
}

function drawFixedTileLadder(view: FindingsView): string {
  const { document, columns, paint } = view;
  const { ladderFixedTile, winner } = document;
  if (winner === null) return '';
  const title = `Ladder, ${targetKinds[winner.provenance.from].label}: one schedule on all rungs`;
  const inWords = (words: string): string => wrapped(`${paint.bold(title)}: ${words}`, columns);
  if (!isKnown(ladderFixedTile)) return inWords(`none, ${ladderFixedTile.why}`);
  if (!hasOwnSteps(document)) return inWords('the same');
  return section(title, drawLadder(ladderFixedTile, columns, paint), view);
}

function stepsOf(ladder: Findings['ladder'], { document, columns }: FindingsView): string {
  return isKnown(ladder) && document.winner !== null ? drawSteps(ladder, columns) : '';
}

/** Whether the ladder of one schedule is another one. */
function hasOwnSteps({ ladder, ladderFixedTile }: Findings): boolean {
  return JSON.stringify(ladderFixedTile) !== JSON.stringify(ladder);
}

function section(
  title: string,
  body: string,
  { columns, paint }: Pick<FindingsView, 'columns' | 'paint'>,
): string {
  return body === '' ? '' : `${wrapped(paint.bold(title), columns)}${body}`;
}
