import { targetKinds } from '../store/target-kinds.ts';
import type { SettledTrial } from '../store/trial.ts';
import { disturbed, type Provenance } from './backend.ts';

/** So many failures of the same kind, the default's among them, and nothing that ever worked. */
const FAILURES = 8;
/**
 * Whether all that a visit tried failed in the same way, and no trial of the study ever had a time: then
 * the next ones would fail too. Messages may differ in their numbers. Where no real machine is kept busy, the
 * others may as well be tried.
 */
export function failsThroughout(
  log: readonly SettledTrial[],
  trialsAtStart: number,
  provenance: Provenance,
): boolean {
  const visited = log.slice(trialsAtStart);
  if (!targetKinds[provenance].runsAlone || visited.length < FAILURES) return false;
  if (log.some(({ state }) => state === 'timed')) return false;
  const kinds = new Set(visited.map(kindOfFailure));
  return kinds.size === 1 && !kinds.has(undefined);
}

/** A busy machine may be quiet later: that is no failure. */
function kindOfFailure(trial: SettledTrial): string | undefined {
  if (trial.state === 'timed' || trial.message === disturbed().message) return undefined;
  return `${trial.reason}: ${trial.message.replace(/\d+/g, '#')}`;
}
