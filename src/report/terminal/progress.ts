import type { InvalidReason } from '../../../store/trial.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount } from '../../text/number-text.ts';
import { formatMicroseconds } from '../words/numbers.ts';
import { describeInvalid } from '../words/trials.ts';
import type { Paint } from './paint.ts';

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

/** "searching · 312 of 1,000 trials · best 2,689 µs simulated · invalid: 4 compile · 12 s left" */
export function describeProgress(view: ProgressView, paint: Paint): string {
  const { phase, settled, allowed, bestUs, invalid, leftMs, label } = view;
  const of = allowed === undefined ? '' : ` of ${formatCount(allowed)}`;
  const failed = describeInvalid(invalid);
  return [
    phase,
    `${formatCount(settled)}${of} ${of === '' && settled === 1 ? 'trial' : 'trials'}`,
    bestUs === undefined ? 'nothing timed yet' : `best ${paint.bold(formatMicroseconds(bestUs))} µs ${label}`,
    failed === '' ? undefined : `invalid: ${failed}`,
    leftMs === undefined || leftMs < SOON ? undefined : `${formatDuration(leftMs)} left`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
