import type { InvalidReason } from '../../../store/trial.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { describeInvalid } from '../words/trials.ts';
import type { Paint } from './paint.ts';
import { width } from './width.ts';

/** Less time than this is not shown. Milliseconds. */
const SOON = 500;

/** What a visit is doing. */
export type VisitPhase = 'building' | 'searching' | 'comparing';

/** The progress of a visit. */
export type ProgressView = Readonly<{
  phase: VisitPhase;
  /** Of the final comparison. */
  rounds: number;
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
const SPARE = Object.freeze(['invalid', 'label', 'phase', 'left', 'trials', 'best'] as const);

/**
 * "searching · 312 of 1,000 trials · best 2,689 µs simulated · invalid: 4 compile · 12 s left". Where that is too long, first
 * the invalid ones are left out, then where the times are from, what the visit is doing, the time left and the trials; where not even the best fits, all but what the visit is doing.
 */
export function describeProgress(view: ProgressView, paint: Paint, room = Number.POSITIVE_INFINITY): string {
  const lines = Array.from({ length: SPARE.length + 1 }, (_, out) => lineOf(view, SPARE.slice(out), paint));
  return [...lines.slice(0, -1), view.phase].find((line) => width(line) <= room) ?? '';
}

function lineOf(
  { phase, rounds, files, settled, allowed, bestUs, label, invalid, leftMs, leftOf }: ProgressView,
  kept: readonly (typeof SPARE)[number][],
  paint: Paint,
): string {
  const of = allowed === undefined ? '' : ` of ${formatCount(allowed)}`;
  const failed = describeInvalid(invalid);
  const from = kept.includes('label') ? ` ${label}` : '';
  return [
    kept.includes('phase') && phaseText(phase, rounds, files),
    kept.includes('trials') &&
      `${formatCount(settled)}${of} ${of === '' && settled === 1 ? 'trial' : 'trials'}`,
    kept.includes('best') &&
      (bestUs === undefined ? 'nothing timed yet' : `best ${paint.bold(formatTimeUs(bestUs))}${from}`),
    kept.includes('invalid') && failed !== '' && `invalid: ${failed}`,
    kept.includes('left') &&
      leftMs !== undefined &&
      leftMs >= SOON &&
      `${leftOf === 'least' ? 'at least ' : ''}${formatDuration(leftMs)} left${leftOf === 'search' ? ' of the search' : ''}`,
  ]
    .filter((part) => part !== false)
    .join(' · ');
}

function phaseText(phase: VisitPhase, rounds: number, files: number | undefined): string {
  if (files !== undefined && files > 0)
    return `compiling · ${formatCount(files)} ${files === 1 ? 'file' : 'files'}`;
  return phase === 'comparing' && rounds > 0 ? `comparing, round ${formatCount(rounds)}` : phase;
}
