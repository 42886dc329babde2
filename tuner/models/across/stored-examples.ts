import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { KernelRecord, StudyRecord } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import type { SettledTrial } from '../../../store/trial.ts';
import { memoryOf } from '../../priors/memory.ts';
import type { StudyExamples } from './examples.ts';

/** Times below which a study teaches nothing. */
const FEWEST_TIMES = 10;

/** Those with times enough, of kernels whose IR is known: of an opaque one there is nothing to learn by. */
export async function teachingStudies(
  store: CatalogStore & StudyStore,
): Promise<readonly Readonly<{ study: StudyRecord; kernel: KernelRecord }>[]> {
  const told: Readonly<{ study: StudyRecord; kernel: KernelRecord }>[] = [];
  for (const { study, timed } of await store.studies()) {
    if (timed < FEWEST_TIMES) continue;
    const kernel = await store.kernel(study.kernelHash);
    if (kernel !== undefined && kernel.ir !== null) told.push({ study, kernel });
  }
  return told;
}

/** What a store has to teach: a thinned log of each study, failed trials left out. */
export async function storedExamples(store: CatalogStore & StudyStore): Promise<readonly StudyExamples[]> {
  const studies: StudyExamples[] = [];
  for (const { study, kernel } of await teachingStudies(store)) {
    const target = await store.target(study.targetFingerprint);
    if (target === undefined) continue;
    const trials: SettledTrial[] = [];
    for await (const trial of store.trials(study.id)) trials.push(trial);
    const { names, rows, logTimes } = memoryOf(study.id, study.space.parameters, trials);
    const told = rows.flatMap((row, i) => {
      const logTime = logTimes[i];
      return logTime === null ? [] : [{ row, logTime }];
    });
    studies.push({
      study: study.id,
      kernel: kernel.name,
      target: target.name,
      kernelFeatures: kernel.features,
      targetFeatures: target.features,
      configurations: told.map(({ row }) => Object.fromEntries(names.map((name, i) => [name, row[i]]))),
      logTimes: told.map(({ logTime }) => logTime),
    });
  }
  return studies;
}
