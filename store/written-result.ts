import { inOrder } from './tables/configuration.ts';
import type { Outcome, Proposal, Result } from './trial.ts';

/**
 * A result whose configuration (its keys in the order of the study's parameters), samples and phases are JSON
 * text, as a file of the store has them. It takes little memory, and little time to be sent between threads.
 */
export type WrittenResult = Omit<Proposal, 'configuration'> &
  Readonly<{ configuration: string }> &
  (
    | Readonly<{ state: 'timed'; timeUs: number; samplesUs: string; phases: string | null }>
    | Extract<Outcome, { state: 'invalid' }>
  );

/**
 * The result as text, for a study with parameters of these names in this order. Throws RangeError for other
 * keys, and for a time that is not positive and finite, which could not be read back.
 */
export function writeResult(names: readonly string[], result: Result): WrittenResult {
  const written = withoutPrediction(names, result);
  return result.prediction === undefined ? written : { ...written, prediction: result.prediction };
}

/** One literal for each state: a million of them are made. */
function withoutPrediction(names: readonly string[], result: Result): WrittenResult {
  const configuration = JSON.stringify(inOrder(names, result.configuration));
  const { subset, origin, state } = result;
  if (state === 'invalid')
    return { configuration, subset, origin, state, reason: result.reason, message: result.message };
  checkTimes(result.timeUs, result.samplesUs);
  const samplesUs = JSON.stringify(result.samplesUs);
  const phases = result.phases === undefined ? null : JSON.stringify(result.phases);
  return { configuration, subset, origin, state, timeUs: result.timeUs, samplesUs, phases };
}

function checkTimes(timeUs: number, samplesUs: readonly number[]): void {
  const wrong = isPositive(timeUs) ? samplesUs.find((us) => !isPositive(us)) : timeUs;
  if (wrong !== undefined) throw new RangeError(`expected a positive time, got ${wrong} µs`);
}

function isPositive(us: number): boolean {
  return us > 0 && us < Number.POSITIVE_INFINITY;
}
