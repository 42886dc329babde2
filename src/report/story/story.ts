import { MECHANISMS } from '../../../search-space/parameter.ts';
import type { Store } from '../../../store/store.ts';
import type { StudySummary } from '../../../store/study-store.ts';
import { type ScalingDocument, scalingDocument } from '../../documents/scaling.ts';
import { compareShapes } from '../../kernels/shape.ts';
import { byCodeUnits } from '../../text/by-code-units.ts';
import { type ModelGain, modelGains } from './model-gain.ts';
import { type StudyStory, studyReference, tellStudy } from './study-story.ts';

/** What a report tells, before it is drawn. */
export type Story = Readonly<{
  /** The store's path. */
  location: string;
  studies: readonly StudyStory[];
  scalings: readonly ScalingDocument[];
  /** A whole model's gain on each target, where kernels were imported with how often it calls them. */
  models: readonly ModelGain[];
}>;

/** One study, or those of a kernel and a target. */
export type StoryFilter = Readonly<{ kernelName?: string; targetName?: string; studyId?: string }>;

/** Sizes from which a curve over sizes is worth drawing. */
const LEAST_SIZES = 3;

/** Reads what a store has to tell: by kernel, target, size and seed, whatever the order of the studies. */
export async function tellStory(store: Store, filter: StoryFilter): Promise<Story> {
  const { studyId, ...wanted } = filter;
  const summaries = studyId === undefined ? await store.studies(wanted) : [await store.summary(studyId)];
  const chosen = summaries.filter((summary) => summary !== undefined).sort(compareStudies);
  const studies: StudyStory[] = [];
  for (const summary of chosen) studies.push(await tellStudy(summary, store));
  return {
    location: store.location,
    studies,
    scalings: scalingsOf(studies),
    models: modelGains(studies, await store.importedKernels()),
  };
}

/** Each mechanism over the sizes of studies of the same space, where some size tells. */
function scalingsOf(studies: readonly StudyStory[]): readonly ScalingDocument[] {
  const groups = new Map<string, Map<string, StudyStory>>();
  for (const story of studies) {
    const { kernel, target, study, spec, findings } = story;
    if (findings === null || !/^\d+(x\d+)*$/.test(kernel.shape)) continue;
    const steering = [spec?.values ?? {}, spec?.expressible ?? null];
    const key = JSON.stringify([kernel.name, kernel.dtype, target.fingerprint, study.strategy, steering]);
    const bySize = groups.get(key) ?? new Map<string, StudyStory>();
    const other = bySize.get(kernel.shape);
    // Of several seeds at a size, the one that tried most tells most.
    if (other === undefined || other.settled < story.settled) bySize.set(kernel.shape, story);
    groups.set(key, bySize);
  }
  return [...groups.values()].flatMap((bySize) => {
    const sized = [...bySize.values()].flatMap((story) =>
      story.findings === null ? [] : [{ reference: studyReference(story), findings: story.findings }],
    );
    if (sized.length < LEAST_SIZES) return [];
    return MECHANISMS.filter((mechanism) => mechanism !== 'vec')
      .map((mechanism) => scalingDocument(mechanism, sized))
      .filter(({ sizes }) => sizes.filter(({ forced }) => forced !== null).length >= LEAST_SIZES);
  });
}

function compareStudies(a: StudySummary, b: StudySummary): number {
  return (
    byCodeUnits(a.kernel.name, b.kernel.name) ||
    byCodeUnits(a.kernel.dtype, b.kernel.dtype) ||
    byCodeUnits(a.target.name, b.target.name) ||
    compareShapes(a.kernel.shape, b.kernel.shape) ||
    byCodeUnits(a.study.id, b.study.id)
  );
}
