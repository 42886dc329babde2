import { MECHANISMS } from '../../../search-space/parameter.ts';
import type { Store } from '../../../store/store.ts';
import type { Improvement, StudyStore, StudySummary } from '../../../store/study-store.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import { TIME } from '../../../tuner/objectives/metrics.ts';
import { importanceInStudy } from '../../answers/importance.ts';
import { SpreadTrials } from '../../answers/spread-trials.ts';
import { type WhySource, whyOf } from '../../answers/why/why.ts';
import { storedReference } from '../../documents/findings.ts';
import { type ScalingDocument, scalingDocument } from '../../documents/scaling.ts';
import { compareShapes } from '../../kernels/shape.ts';
import { byCodeUnits } from '../../text/by-code-units.ts';
import { type ModelGain, modelGains } from './model-gain.ts';
import { type StudyOutcome, type StudyStory, tellStudy } from './study-story.ts';

/** The content of a report, before it is drawn. */
export type Story = Readonly<{
  /** The store's path. */
  location: string;
  /** Whether single studies have no part of their own. */
  isSummary: boolean;
  studies: readonly StudyStory[];
  scalings: readonly ScalingDocument[];
  /** The gain of a whole model on each target, if kernels were imported with their numbers of calls. */
  models: readonly ModelGain[];
}>;

/** Some studies by their whole ids, or those of a kernel and a target. */
export type StoryFilter = Readonly<{
  kernelName?: string;
  targetName?: string;
  studyIds?: readonly string[];
}>;

/** The fewest sizes for which a curve over sizes is drawn. */
const LEAST_SIZES = 3;

/** Told of each study before it: how many are done, of how many. */
type Listen = (done: number, of: number) => void;

/** Reads the content of a report from a store, sorted by kernel, dtype, target, size and study. */
export async function tellStory(
  store: Store,
  filter: StoryFilter,
  isSummary = false,
  listen: Listen = () => {},
): Promise<Story> {
  const { studyIds, ...wanted } = filter;
  const found =
    studyIds === undefined
      ? await store.studies(wanted)
      : await Promise.all([...new Set(studyIds)].map((id) => store.summary(id)));
  const chosen = found.filter((summary) => summary !== undefined).sort(bySubject);
  const studies: StudyStory[] = [];
  for (const summary of chosen) {
    listen(studies.length, chosen.length);
    studies.push(await tellStudy(summary, store));
  }
  return {
    location: store.location,
    isSummary,
    studies,
    scalings: scalingsOf(studies),
    models: modelGains(studies, await store.importedKernels()),
  };
}

/** A report's content with what is read for its parts of single studies: of each what matters and its trials as dots, which reads them all, and why its best wins. */
export async function withAnswers(story: Story, store: WhySource, listen: Listen = () => {}): Promise<Story> {
  if (story.isSummary) return story;
  const studies: StudyStory[] = [];
  for (const each of story.studies) {
    listen(studies.length, story.studies.length);
    const importance = await importanceInStudy(each.study, store);
    const dots = await dotsOf(each.study.id, store);
    const why = each.findings === null ? undefined : await whyOf(each, each.findings, store);
    const curve = { ...each.curve, dots };
    studies.push({ ...each, curve, ...(isKnown(importance) && { importance }), ...(why && { why }) });
  }
  return { ...story, studies };
}

/** More dots of trials would hide each other. */
const DOTS = 400;

async function dotsOf(id: string, store: Pick<StudyStore, 'trials'>): Promise<readonly Improvement[]> {
  const spread = new SpreadTrials(DOTS);
  for await (const trial of store.trials(id)) spread.add(trial);
  return spread.trials.map(({ number, timeUs }) => ({ trials: number + 1, timeUs }));
}

/** MT's and DB's gain over sizes, for studies in the same space with enough sizes. */
export function scalingsOf(studies: readonly StudyOutcome[]): readonly ScalingDocument[] {
  const groups = new Map<string, Map<string, StudyOutcome>>();
  for (const story of studies) {
    const { kernel, target, study, spec, findings } = story;
    if (findings === null || study.objective !== TIME || !/^\d+(x\d+)*$/.test(kernel.shape)) continue;
    const steering = [spec?.values ?? {}, spec?.forbid ?? []];
    const key = JSON.stringify([kernel.name, kernel.dtype, target.fingerprint, study.strategy, steering]);
    const bySize = groups.get(key) ?? new Map<string, StudyOutcome>();
    const other = bySize.get(kernel.shape);
    // Of several seeds at a size, take the one with the most trials.
    if (other === undefined || other.settled < story.settled) bySize.set(kernel.shape, story);
    groups.set(key, bySize);
  }
  return [...groups.values()].flatMap((bySize) => {
    const sized = [...bySize.values()].flatMap((story) =>
      story.findings === null ? [] : [{ reference: storedReference(story), findings: story.findings }],
    );
    if (sized.length < LEAST_SIZES) return [];
    return MECHANISMS.filter((mechanism) => mechanism !== 'vec')
      .map((mechanism) => scalingDocument(mechanism, sized))
      .filter(({ sizes }) => sizes.filter(({ forced }) => isKnown(forced)).length >= LEAST_SIZES);
  });
}

type Named = Pick<StudySummary, 'study' | 'kernel' | 'target'>;

/** Sorts by kernel, dtype, target, size and study. */
export function bySubject(a: Named, b: Named): number {
  return (
    byCodeUnits(a.kernel.name, b.kernel.name) ||
    byCodeUnits(a.kernel.dtype, b.kernel.dtype) ||
    byCodeUnits(a.target.name, b.target.name) ||
    compareShapes(a.kernel.shape, b.kernel.shape) ||
    byCodeUnits(a.study.id, b.study.id)
  );
}
