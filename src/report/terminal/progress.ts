import type { InvalidReason } from '../../../store/trial.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { describeInvalid } from '../words/trials.ts';
import type { Paint } from './paint.ts';
import { width } from './width.ts';

/** Less time than this is not shown. Milliseconds. */
const SOON = 500;
/** Finalists that are compared for less say no time. Milliseconds. */
const SHOWN = 1000;

/** What a visit is doing. */
export type VisitPhase = 'building' | 'searching' | 'comparing';

/** The progress of a visit. */
export type ProgressView = Readonly<{
  phase: VisitPhase;
  /** Of the final comparison. */
  rounds: number;
  /** How long finalists have been compared: what is computed for them has no rounds. */
  comparedMs?: number | undefined;
  /** Left to compile; undefined where that is not known. */
  files?: number | undefined;
  settled: number;
  /** Trials that the budget allows; undefined without such a limit. */
  allowed: number | undefined;
  bestUs: number | undefined;
  /** "simulated": written after every time. */
  label: string;
  invalid: Readonly<Record<InvalidReason, number>>;
  leftMs: number | undefined;
  /** Of the search, where nothing tells how long the final comparison takes that follows it; at least, of that comparison. */
  leftOf: 'visit' | 'search' | 'least';
}>;

/** What can be left out of the line, in this order: never a part of a figure. */
const SPARE = Object.freeze(['invalid', 'left', 'trials', 'detail', 'phase'] as const);

/**
 * "searching · 312 of 1,000 trials · best 2,689 µs simulated · invalid: 4 compile · 12 s left". Where that is too long, first
 * the invalid ones are left out, then the time left, the trials, how far a phase is, and the phase; where not even the best
 * fits with where it is from, all but the phase.
 */
export function describeProgress(view: ProgressView, paint: Paint, room = Number.POSITIVE_INFINITY): string {
  const lines = Array.from({ length: SPARE.length + 1 }, (_, out) => lineOf(view, SPARE.slice(out), paint));
  return [...lines, view.phase].find((line) => width(line) <= room) ?? '';
}

function lineOf(
  {
    phase,
    rounds,
    comparedMs,
    files,
    settled,
    allowed,
    bestUs,
    label,
    invalid,
    leftMs,
    leftOf,
  }: ProgressView,
  kept: readonly (typeof SPARE)[number][],
  paint: Paint,
): string {
  const of = allowed === undefined ? '' : ` of ${formatCount(allowed)}`;
  const failed = describeInvalid(invalid);
  return [
    kept.includes('phase') && phaseText(phase, rounds, comparedMs, files)[kept.includes('detail') ? 1 : 0],
    kept.includes('trials') &&
      `${formatCount(settled)}${of} ${of === '' && settled === 1 ? 'trial' : 'trials'}`,
    bestUs === undefined ? 'nothing timed yet' : `best ${paint.bold(formatTimeUs(bestUs))} ${label}`,
    kept.includes('invalid') && failed !== '' && `invalid: ${failed}`,
    kept.includes('left') &&
      leftMs !== undefined &&
      leftMs >= SOON &&
      `${leftOf === 'least' ? 'at least ' : ''}${formatDuration(leftMs)} left${leftOf === 'search' ? ' of the search' : ''}`,
  ]
    .filter((part) => part !== false)
    .join(' · ');
}

/** The phase, and with how far it is. */
function phaseText(
  phase: VisitPhase,
  rounds: number,
  comparedMs: number | undefined,
  files: number | undefined,
): readonly [short: string, long: string] {
  if (files !== undefined && files > 0)
    return ['compiling', `compiling · ${formatCount(files)} ${files === 1 ? 'file' : 'files'}`];
  if (phase !== 'comparing') return [phase, phase];
  if (rounds > 0) return [phase, `${phase}, round ${formatCount(rounds)}`];
  return comparedMs === undefined || comparedMs < SHOWN
    ? [phase, phase]
    : [phase, `${phase} for ${formatDuration(comparedMs)}`];
}
