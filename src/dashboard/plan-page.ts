import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Store } from '../../store/store.ts';
import type { StoredCall } from '../answers/stored-call.ts';
import { parseOutcome } from '../documents/findings.ts';
import type { Breakdown } from '../targets/npu/simulator/breakdown.ts';
import { callOf } from './study-call.ts';

/** On what one call of a study spends its time, by default and tuned; null where it is not simulated. */
export type StudyBreakdowns = Readonly<{ study: string; default: Breakdown | null; best: Breakdown | null }>;

/** Computes what calls spend their time on, in another thread. */
export type ComputeBreakdowns = (
  call: Omit<StoredCall, 'configuration'>,
  configurations: readonly Configuration[],
) => Promise<readonly (Breakdown | null)[]>;

/**
 * On what the studies of a plan spend their time: of those that are simulated, and compared. It takes longer than all else
 * on a plan’s page, which asks for it apart.
 */
export async function planBreakdowns(
  ids: readonly string[],
  store: Store,
  compute: ComputeBreakdowns,
): Promise<readonly StudyBreakdowns[]> {
  const found: StudyBreakdowns[] = [];
  for (const study of ids) {
    const outcome = parseOutcome(await store.findings(study));
    // Hundreds in one turn would keep other requests waiting.
    await nextTurn();
    if (outcome === undefined || outcome.default === null || outcome.best === null) continue;
    const summary = await store.summary(study);
    const call = summary === undefined ? undefined : await callOf(summary, store);
    if (call === undefined) continue;
    const configurations = [outcome.default.configuration, outcome.best.configuration];
    const [usual = null, best = null] = await compute(call, configurations);
    found.push({ study, default: usual, best });
  }
  return found;
}
