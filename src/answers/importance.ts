import type { StudyRecord } from '../../store/records.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import type { OrUnknown } from '../../tuner/attribution/gain.ts';
import { type Importance, importanceOf } from '../../tuner/attribution/importance.ts';

/** What matters in a stored study, from all its timed trials. */
export async function importanceInStudy(
  { id, space }: Pick<StudyRecord, 'id' | 'space'>,
  store: TrialLog,
): Promise<OrUnknown<Importance>> {
  const trials: SettledTrial[] = [];
  for await (const trial of store.trials(id)) if (trial.state === 'timed') trials.push(trial);
  return importanceOf(space.parameters, trials);
}
