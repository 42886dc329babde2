import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { KernelRecord, StudyRecord } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import type { SettledTrial } from '../../../store/trial.ts';
import { SHORTEST_TIME } from '../../objectives/objective.ts';
import { memoryOf, trialsIn } from '../../priors/memory.ts';
import type { StudyExamples } from './examples.ts';

/** A study with fewer times is left out. */
const FEWEST_TIMES = 10;
/** SQLite answers at once: after so many trials the event loop has its turn. */
const READ_AT_ONCE = 1000;

/** Studies with enough times of kernels whose IR is known: an opaque kernel has no features to learn from. */
export async function trainingStudies(
  store: CatalogStore & StudyStore,
): Promise<readonly Readonly<{ study: StudyRecord; kernel: KernelRecord }>[]> {
  const found: Readonly<{ study: StudyRecord; kernel: KernelRecord }>[] = [];
  for (const { study, timed } of await store.studies()) {
    if (timed < FEWEST_TIMES) continue;
    const kernel = await store.kernel(study.kernelHash);
    if (kernel !== undefined && kernel.ir !== null) found.push({ study, kernel });
  }
  return found;
}

/**
 * The examples that a store holds: a thinned log of each study, without its failed trials. Timers and signals are
 * handled meanwhile; throws the signal's reason once it is aborted.
 */
export async function storedExamples(
  store: CatalogStore & StudyStore,
  signal?: AbortSignal,
): Promise<readonly StudyExamples[]> {
  const studies: StudyExamples[] = [];
  for (const { study, kernel } of await trainingStudies(store)) {
    const target = await store.target(study.targetFingerprint);
    if (target === undefined) continue;
    const trials: SettledTrial[] = [];
    for await (const trial of store.trials(study.id)) {
      trials.push(trial);
      if (trials.length % READ_AT_ONCE > 0) continue;
      await nextTurn();
      signal?.throwIfAborted();
    }
    await nextTurn();
    signal?.throwIfAborted();
    const memory = memoryOf(study.id, study.space.parameters, trials, SHORTEST_TIME);
    const timed = trialsIn(memory).filter(({ logTime }) => Number.isFinite(logTime));
    studies.push({
      study: study.id,
      kernel: kernel.name,
      target: target.name,
      kernelFeatures: kernel.features,
      targetFeatures: target.features,
      configurations: timed.map(({ configuration }) => configuration),
      logTimes: timed.map(({ logTime }) => logTime),
    });
  }
  return studies;
}
