import { MECHANISMS } from '../../../search-space/parameter.ts';
import type { KernelRecord, StudyRecord, TargetRecord, VisitRecord } from '../../../store/records.ts';
import type { StudySummary, TrialStore } from '../../../store/trial-store.ts';
import type { Findings } from '../../../tuner/attribution/findings.ts';
import { parseFindings } from '../documents/findings.ts';
import { type ScalingDocument, scalingDocument } from '../documents/scaling.ts';
import { type BestSoFar, BestSoFarCurve } from '../figures/best-so-far.ts';
import { type ModelGain, modelGains } from './model-gain.ts';

/** One study of a report. */
export type StudyStory = Readonly<{
  study: StudyRecord;
  kernel: Pick<KernelRecord, 'hash' | 'name' | 'shape' | 'dtype'>;
  target: Pick<TargetRecord, 'fingerprint' | 'name' | 'kind'>;
  settled: number;
  /** Null where no visit has ended yet. */
  findings: Findings | null;
  curve: BestSoFar;
  visits: readonly VisitRecord[];
}>;

/** What a report tells, before it is drawn. */
export type Story = Readonly<{
  /** The store's path. */
  location: string;
  studies: readonly StudyStory[];
  scalings: readonly ScalingDocument[];
  /** A whole model's gain on each target, where kernels were imported with how often it calls them. */
  models: readonly ModelGain[];
}>;

export type StoryFilter = Readonly<{ kernelName?: string; targetName?: string; studyId?: string }>;

/** Sizes from which a curve over sizes is worth drawing. */
const LEAST_SIZES = 3;

/** Reads what a store has to tell: by kernel, target, size and seed, whatever the order of the studies. */
export async function tellStory(store: TrialStore, filter: StoryFilter): Promise<Story> {
  const { studyId, ...wanted } = filter;
  const summaries = await store.studies(wanted);
  const chosen = summaries.filter(({ study }) => studyId === undefined || study.id === studyId);
  const studies: StudyStory[] = [];
  for (const summary of [...chosen].sort(compareStudies)) studies.push(await tellStudy(summary, store));
  return {
    location: store.location,
    studies,
    scalings: scalingsOf(studies),
    models: modelGains(studies, await store.importedKernels()),
  };
}

async function tellStudy(
  { study, kernel, target, settled }: StudySummary,
  store: TrialStore,
): Promise<StudyStory> {
  const stored = await store.findings(study.id);
  const curve = new BestSoFarCurve();
  for await (const trial of store.trials(study.id)) curve.observe(trial);
  return {
    study,
    kernel,
    target,
    settled,
    findings: stored === undefined ? null : parseFindings(stored),
    curve: curve.data(),
    visits: await store.visits(study.id),
  };
}

/** Each mechanism over the sizes of studies that differ in nothing else, where some size tells. */
function scalingsOf(studies: readonly StudyStory[]): readonly ScalingDocument[] {
  const groups = new Map<string, StudyStory[]>();
  for (const story of studies) {
    const { kernel, target, study } = story;
    const key = JSON.stringify([kernel.name, kernel.dtype, target.fingerprint, study.strategy, study.seed]);
    groups.set(key, [...(groups.get(key) ?? []), story]);
  }
  return [...groups.values()].flatMap((group) => {
    const sized = group.flatMap((story) =>
      story.findings === null || !/^\d+(x\d+)*$/.test(story.kernel.shape)
        ? []
        : [{ reference: referenceOf(story), findings: story.findings }],
    );
    if (new Set(sized.map(({ reference }) => reference.shape)).size < LEAST_SIZES) return [];
    return MECHANISMS.filter((mechanism) => mechanism !== 'vec')
      .map((mechanism) => scalingDocument(mechanism, sized))
      .filter(({ sizes }) => sizes.filter(({ forced }) => forced !== null).length >= LEAST_SIZES);
  });
}

export function referenceOf({ study, kernel, target }: StudyStory) {
  const { id, seed, strategy } = study;
  const { name, shape, dtype } = kernel;
  return { id, kernel: name, shape, dtype, target: target.name, seed, strategy };
}

function compareStudies(a: StudySummary, b: StudySummary): number {
  return (
    compareText(a.kernel.name, b.kernel.name) ||
    compareText(a.kernel.dtype, b.kernel.dtype) ||
    compareText(a.target.name, b.target.name) ||
    elementsOf(a.kernel.shape) - elementsOf(b.kernel.shape) ||
    compareText(a.kernel.shape, b.kernel.shape) ||
    compareText(a.study.id, b.study.id)
  );
}

function elementsOf(shape: string): number {
  return shape.split('x').reduce((product, extent) => product * Number(extent), 1);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
