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
  settled: number;
  /** Trials that the budget allows; undefined without such a limit. */
  allowed: number | undefined;
  bestUs: number | undefined;
  /** "simulated": written after every time. */
  label: string;
  invalid: Readonly<Record<InvalidReason, number>>;
  leftMs: number | undefined;
}>;

/**
 * "searching · 312 of 1,000 trials · best 2,689 µs simulated · invalid: 4 compile · 12 s left". Where that is too long, first
 * the invalid ones are left out, then where the times are from.
 */
export function describeProgress(view: ProgressView, paint: Paint, room = Number.POSITIVE_INFINITY): string {
  const failed = describeInvalid(view.invalid);
  const lines = [
    lineOf(view, ` ${view.label}`, failed === '' ? undefined : `invalid: ${failed}`, paint),
    lineOf(view, ` ${view.label}`, undefined, paint),
  ];
  return lines.find((line) => width(line) <= room) ?? lineOf(view, '', undefined, paint);
}

function lineOf(
  { phase, settled, allowed, bestUs, leftMs }: ProgressView,
  label: string,
  failed: string | undefined,
  paint: Paint,
): string {
  const of = allowed === undefined ? '' : ` of ${formatCount(allowed)}`;
  return [
    phase,
    `${formatCount(settled)}${of} ${of === '' && settled === 1 ? 'trial' : 'trials'}`,
    bestUs === undefined ? 'nothing timed yet' : `best ${paint.bold(formatTimeUs(bestUs))}${label}`,
    failed,
    leftMs === undefined || leftMs < SOON ? undefined : `${formatDuration(leftMs)} left`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
