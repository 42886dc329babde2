import { MECHANISMS } from '../../../search-space/parameter.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { KernelRecord, StudyRecord, TargetRecord, VisitRecord } from '../../../store/records.ts';
import type { Store } from '../../../store/store.ts';
import type { SettledCounts, StudyStore, StudySummary } from '../../../store/study-store.ts';
import type { Findings, TimedConfiguration } from '../../../tuner/attribution/findings.ts';
import { type StudySpec, studySpecSchema } from '../../ask/study-spec.ts';
import { parseFindings } from '../../documents/findings.ts';
import { type ScalingDocument, scalingDocument } from '../../documents/scaling.ts';
import { type BestSoFar, BestSoFarCurve } from '../figures/best-so-far.ts';
import { type ModelGain, modelGains } from './model-gain.ts';

/** One study of a report. */
export type StudyStory = Readonly<{
  study: StudyRecord;
  kernel: Pick<KernelRecord, 'hash' | 'name' | 'shape' | 'dtype'>;
  target: Pick<TargetRecord, 'fingerprint' | 'name' | 'kind'>;
  settled: number;
  invalid: SettledCounts['invalid'];
  /** The recommended configuration, or the fastest trial before a comparison; null if nothing was timed. */
  best: Pick<TimedConfiguration, 'configuration' | 'timeUs'> | null;
  /** Null for studies that were imported or measured by an external harness. */
  spec: StudySpec | null;
  /** Null before a visit has ended. */
  findings: Findings | null;
  curve: BestSoFar;
  visits: readonly VisitRecord[];
}>;

/** The content of a report, before it is drawn. */
export type Story = Readonly<{
  /** The store's path. */
  location: string;
  studies: readonly StudyStory[];
  scalings: readonly ScalingDocument[];
  /** The gain of a whole model on each target, if kernels were imported with their numbers of calls. */
  models: readonly ModelGain[];
}>;

export type StoryFilter = Readonly<{ kernelName?: string; targetName?: string; studyId?: string }>;

/** The fewest sizes for which a curve over sizes is drawn. */
const LEAST_SIZES = 3;

/** Reads the content of a report from a store, sorted by kernel, dtype, target, size and study. */
export async function tellStory(store: Store, filter: StoryFilter): Promise<Story> {
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
  { study, kernel, target, settled, best }: StudySummary,
  store: CatalogStore & StudyStore & FindingStore,
): Promise<StudyStory> {
  const stored = await store.findings(study.id);
  const findings = stored === undefined ? null : parseFindings(stored);
  const curve = new BestSoFarCurve();
  for await (const trial of store.trials(study.id)) curve.observe(trial);
  return {
    study,
    kernel,
    target,
    settled,
    invalid: (await store.counts(study.id)).invalid,
    best: findings?.best ?? best ?? null,
    spec: study.spec === null ? null : studySpecSchema.parse(study.spec),
    findings,
    curve: curve.data(),
    visits: await store.visits(study.id),
  };
}

/** MT's and DB's gain over sizes, for studies in the same space with enough sizes. */
function scalingsOf(studies: readonly StudyStory[]): readonly ScalingDocument[] {
  const groups = new Map<string, Map<string, StudyStory>>();
  for (const story of studies) {
    const { kernel, target, study, spec, findings } = story;
    if (findings === null || !/^\d+(x\d+)*$/.test(kernel.shape)) continue;
    const steering = [spec?.values ?? {}, spec?.expressible ?? null];
    const key = JSON.stringify([kernel.name, kernel.dtype, target.fingerprint, study.strategy, steering]);
    const bySize = groups.get(key) ?? new Map<string, StudyStory>();
    const other = bySize.get(kernel.shape);
    // Of several seeds at a size, take the one with the most trials.
    if (other === undefined || other.settled < story.settled) bySize.set(kernel.shape, story);
    groups.set(key, bySize);
  }
  return [...groups.values()].flatMap((bySize) => {
    const sized = [...bySize.values()].flatMap((story) =>
      story.findings === null ? [] : [{ reference: referenceOf(story), findings: story.findings }],
    );
    if (sized.length < LEAST_SIZES) return [];
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
