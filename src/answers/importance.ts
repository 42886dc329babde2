import type { Parameter } from '../../search-space/parameter.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { StudyRecord } from '../../store/records.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import type { CodeEffects } from '../../tuner/attribution/code-effects.ts';
import type { OrUnknown } from '../../tuner/attribution/gain.ts';
import { type Importance, importanceOf } from '../../tuner/attribution/importance.ts';
import {
  type ImportanceAmongBest,
  importanceAmongBest,
} from '../../tuner/attribution/importance-among-best.ts';

import { codeEffectsOf } from './code-effects.ts';

/** What matters over the whole space, and among the best tenth of the trials. */
export type BothImportances = Readonly<{
  whole: OrUnknown<Importance>;
  amongBest: OrUnknown<ImportanceAmongBest>;
}>;

export function bothImportances(
  parameters: readonly Parameter[],
  trials: readonly SettledTrial[],
  effects?: CodeEffects,
): BothImportances {
  const used = parameters.filter(({ name }) => effects?.idle.includes(name) !== true);
  return { whole: importanceOf(parameters, trials, effects), amongBest: importanceAmongBest(used, trials) };
}

/** What matters in a stored study, from all its timed trials. */
export async function importanceInStudy(
  { id, space }: Pick<StudyRecord, 'id' | 'space'>,
  store: TrialLog & FindingStore,
): Promise<OrUnknown<Importance>> {
  const trials: SettledTrial[] = [];
  for await (const trial of store.trials(id)) if (trial.state === 'timed') trials.push(trial);
  return importanceOf(space.parameters, trials, codeEffectsOf(await store.findings(id)));
}
