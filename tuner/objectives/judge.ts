import type { Configuration } from '../../search-space/parameter.ts';
import type { Metrics, Outcome, Result } from '../../store/trial.ts';
import { unknown } from '../attribution/gain.ts';
import { TIME } from './metrics.ts';
import { brokenLimit, limitText, metricsNeeded, type Objective, seeksTime, valueAt } from './objective.ts';

/** What is known of a configuration without measuring. */
export type ComputedMetrics = (configuration: Configuration) => Metrics;

/**
 * An outcome as the study's objective sees it. One that lacks a metric has failed; one that is over a limit is
 * invalid by 'constraints', with all that was measured.
 */
export function judged(
  outcome: Outcome,
  configuration: Configuration,
  objective: Objective,
  computed?: ComputedMetrics,
): Outcome {
  if (outcome.state !== 'timed' || asksNothing(objective)) return outcome;
  const { timeUs } = outcome;
  const metrics = { ...outcome.metrics, ...computed?.(configuration) };
  const missing = metricsNeeded(objective).find((name) => valueAt(name, { timeUs, metrics }) === undefined);
  if (missing !== undefined) {
    const message = `reported no ${missing}, which the study needs${besides(metrics)}`;
    return { state: 'invalid', reason: 'runtime', message };
  }
  const broken = brokenLimit(objective, { timeUs, metrics });
  if (broken === undefined) return { ...outcome, metrics };
  const value = valueAt(broken.name, { timeUs, metrics });
  const message = `over the limit ${limitText(broken)}: ${rounded(value, broken.bound)}`;
  return { state: 'invalid', reason: 'constraints', message, metrics: { ...metrics, [TIME]: timeUs } };
}

/** Without the last digits of a division, unless they are what is over the limit. */
function rounded(value: number | undefined, bound: number): number | undefined {
  const short = value === undefined ? value : Number(value.toPrecision(6));
  return short === bound ? value : short;
}

/** The same for a result. */
export function judgedResult(result: Result, objective: Objective, computed?: ComputedMetrics): Result {
  const { configuration, subset, origin, prediction } = result;
  const proposal = { configuration, subset, origin, ...(prediction && { prediction }) };
  const outcome = judged(result, configuration, objective, computed);
  return outcome === result ? result : { ...proposal, ...outcome };
}

function asksNothing(objective: Objective): boolean {
  return seeksTime(objective) && objective.limits.length === 0;
}

function besides(metrics: Metrics): string {
  const names = Object.keys(metrics);
  return names.length === 0 ? '' : `; it reported ${names.slice(0, 8).join(', ')}`;
}

/** Why there is no gain over such a default. */
export const OVER_LIMIT = unknown('not applicable', 'the default is over a limit');

/** Whether a trial was measured, and is over a limit. */
export function isOverLimit(trial: Outcome): boolean {
  return trial.state === 'invalid' && trial.metrics !== undefined;
}
