import type { Comparison } from '../../store/comparison.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { Outcome, Proposal } from '../../store/trial.ts';
import { microseconds } from '../../tuner/attribution/gain.ts';
import { keyOf } from './best/robust.ts';

/**
 * A configuration that a comparison timed, whether it was a trial or not: the recommended one need not have
 * been one. Its subset is the one it represented in the comparison; its origin is 'comparison'.
 */
export type ComparedTrial = Proposal &
  Extract<Outcome, { state: 'timed' }> &
  Readonly<{ origin: 'comparison'; comparedAt: number }>;

/** Every compared configuration of a study with its latest result, in the order of the comparisons. */
export async function comparedTrials(
  studyId: string,
  store: FindingStore,
): Promise<readonly ComparedTrial[]> {
  const latest = new Map<string, ComparedTrial>();
  for (const comparison of await store.comparisons(studyId)) {
    for (const trial of timedIn(comparison)) {
      const key = keyOf(trial.configuration);
      latest.delete(key);
      latest.set(key, trial);
    }
  }
  return [...latest.values()];
}

function timedIn(comparison: Comparison): readonly ComparedTrial[] {
  const { kind, variants, roundsUs, metrics, comparedAt } = comparison;
  return variants.flatMap(({ label, configuration }, place) => {
    const timeUs = microseconds(comparison, place);
    if (timeUs === null) return [];
    const measured = metrics?.[place];
    const samplesUs = kind === 'ensemble' ? [timeUs] : roundsUs.map((round) => round[place]);
    return [
      Object.freeze<ComparedTrial>({
        configuration,
        subset: label,
        origin: 'comparison',
        state: 'timed',
        timeUs,
        samplesUs: samplesUs.filter((time) => time !== null),
        ...(measured && { metrics: measured }),
        comparedAt,
      }),
    ];
  });
}
