import { inOrder } from './tables/configuration.ts';
import type { Metrics, Outcome, Prediction, Proposal, Result } from './trial.ts';

/**
 * A result whose configuration (its keys in the order of the study's parameters), samples, phases and metrics are JSON
 * text, as a file of the store has them. It takes little memory, and little time to be sent between threads.
 */
export type WrittenResult = Pick<Proposal, 'subset' | 'origin'> &
  Readonly<{ configuration: string; prediction: Prediction | null; metrics: string | null }> &
  (
    | Readonly<{ state: 'timed'; timeUs: number; samplesUs: string; phases: string | null }>
    | Omit<Extract<Outcome, { state: 'invalid' }>, 'metrics'>
  );

/**
 * The result as text, for a study with parameters of these names in this order. Throws RangeError for other
 * keys, and for a time that is not positive and finite, which could not be read back.
 */
export function writeResult(names: readonly string[], result: Result): WrittenResult {
  const configuration = JSON.stringify(inOrder(names, result.configuration));
  const { subset, origin, prediction = null, state } = result;
  const metrics = result.metrics === undefined ? null : writeMetrics(result.metrics);
  if (state === 'invalid') {
    const { reason, message } = result;
    return { configuration, subset, origin, prediction, metrics, state, reason, message };
  }
  const { timeUs } = result;
  checkTimes(timeUs, result.samplesUs);
  const samplesUs = JSON.stringify(result.samplesUs);
  const phases = result.phases === undefined ? null : JSON.stringify(result.phases);
  return { configuration, subset, origin, prediction, metrics, state, timeUs, samplesUs, phases };
}

/** Throws RangeError for a number that JSON cannot say. */
function writeMetrics(metrics: Metrics): string {
  const wrong = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`expected a finite number, got ${wrong.join(' ')}`);
  return JSON.stringify(metrics);
}

function checkTimes(timeUs: number, samplesUs: readonly number[]): void {
  const wrong = isPositive(timeUs) ? samplesUs.find((us) => !isPositive(us)) : timeUs;
  if (wrong !== undefined) throw new RangeError(`expected a positive time, got ${wrong} µs`);
}

function isPositive(us: number): boolean {
  return us > 0 && us < Number.POSITIVE_INFINITY;
}
