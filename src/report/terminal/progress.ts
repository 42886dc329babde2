import type { InvalidReason } from '../../../store/trial.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount, formatMicroseconds } from './numbers.ts';
import type { Paint } from './paint.ts';
import { describeInvalid } from './trials.ts';

/** Less than this is not worth saying. Milliseconds. */
const SOON = 500;

/** Where a visit stands, for one look. */
export type ProgressView = Readonly<{
  settled: number;
  /** Trials the budget allows, if it counts trials. */
  allowed: number | undefined;
  bestUs: number | undefined;
  /** "simulated", behind every time. */
  label: string;
  invalid: Readonly<Record<InvalidReason, number>>;
  leftMs: number | undefined;
}>;

/** "312 of 1,000 trials · best 2,689 µs simulated · invalid: 4 compile · 12 s left" */
export function describeProgress(view: ProgressView, paint: Paint): string {
  const { settled, allowed, bestUs, invalid, leftMs, label } = view;
  const of = allowed === undefined ? '' : ` of ${formatCount(allowed)}`;
  const failed = describeInvalid(invalid);
  return [
    `${formatCount(settled)}${of} ${of === '' && settled === 1 ? 'trial' : 'trials'}`,
    bestUs === undefined ? 'nothing timed yet' : `best ${paint.bold(formatMicroseconds(bestUs))} µs ${label}`,
    failed === '' ? undefined : `invalid: ${failed}`,
    leftMs === undefined || leftMs < SOON ? undefined : `${formatDuration(leftMs)} left`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
