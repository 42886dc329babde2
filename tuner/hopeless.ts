import { targetKinds } from '../store/target-kinds.ts';
import type { SettledTrial } from '../store/trial.ts';
import { disturbed, type Provenance } from './backend.ts';
import { isOverLimit } from './objectives/judge.ts';

/** So many failures of the same kind in a row, where nothing ever worked. */
const FAILURES = 8;

/**
 * Whether the last trials of a visit all failed in the same way, and no trial of the study ever had a time,
 * the default's neither: then the next ones would fail too. Messages may differ in the configuration's
 * values and in numbers. Where no real machine is kept busy, the others may as well be tried.
 */
export function failsThroughout(
  log: readonly SettledTrial[],
  trialsAtStart: number,
  provenance: Provenance,
): boolean {
  const latest = log.slice(trialsAtStart).slice(-FAILURES);
  if (!targetKinds[provenance].runsAlone || latest.length < FAILURES) return false;
  if (log.some(({ state }) => state === 'timed')) return false;
  const kinds = new Set(latest.map(kindOfFailure));
  return kinds.size === 1 && !kinds.has(undefined);
}

/** A busy machine may be quiet later, and another configuration may keep the limit: that is no failure. */
function kindOfFailure(trial: SettledTrial): string | undefined {
  if (trial.state === 'timed' || isOverLimit(trial) || trial.message === disturbed().message)
    return undefined;
  return `${trial.reason}: ${kindOfMessage(trial)}`;
}

/** What a failed trial said, with `#` for numbers and for words that are values of the configuration. */
export function kindOfMessage(trial: Extract<SettledTrial, { state: 'invalid' }>): string {
  const values = Object.values(trial.configuration)
    .map(String)
    .filter((value) => value.length > 1);
  const message = values.reduce((text, value) => text.replaceAll(wholeWord(value), '#'), trial.message);
  return message.replace(/\d+/g, '#');
}

/** The value `direct` is not meant by "directory". */
function wholeWord(value: string): RegExp {
  const literal = value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\d])${literal}(?![\\p{L}\\d])`, 'gu');
}
