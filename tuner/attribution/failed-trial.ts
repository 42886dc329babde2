import type { SettledTrial } from '../../store/trial.ts';
import { type Unknown, unknown } from './gain.ts';

/** Why a trial's configuration has no time, in every answer; undefined where it has one, or where other work spoiled the trial. */
export function whyFailed(trial: SettledTrial): Unknown | undefined {
  if (trial.state === 'timed' || trial.reason === 'disturbed') return undefined;
  return unknown('failed', `its trial ended as ${trial.reason}: ${trial.message}`);
}
