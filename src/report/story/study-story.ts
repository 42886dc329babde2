import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { KernelTitle, StudyRecord, TargetTitle, VisitRecord } from '../../../store/records.ts';
import type { SettledCounts, StudyStore, StudySummary } from '../../../store/study-store.ts';
import type { Findings, TimedConfiguration } from '../../../tuner/attribution/findings.ts';
import { type StudySpec, studySpecSchema } from '../../ask/study-spec.ts';
import { parseFindings } from '../../documents/findings.ts';
import type { ImprovementCurve } from '../figures/best-so-far.ts';

/** One study of a report. */
export type StudyStory = Readonly<{
  study: StudyRecord;
  kernel: KernelTitle;
  target: TargetTitle;
  settled: number;
  invalid: SettledCounts['invalid'];
  /** The recommended configuration, or the fastest trial before a comparison; null if nothing was timed. */
  best: Pick<TimedConfiguration, 'configuration' | 'timeUs'> | null;
  /** Null for studies that were imported or measured by an external harness. */
  spec: StudySpec | null;
  /** Null before a visit has ended. */
  findings: Findings | null;
  curve: ImprovementCurve;
  visits: readonly VisitRecord[];
}>;

/** More are not told apart where the curve is drawn. */
const CURVE_POINTS = 500;

export async function tellStudy(
  { study, kernel, target, settled, best }: StudySummary,
  store: CatalogStore & StudyStore & FindingStore,
): Promise<StudyStory> {
  const stored = await store.findings(study.id);
  const findings = stored === undefined ? null : parseFindings(stored);
  return {
    study,
    kernel,
    target,
    settled,
    invalid: (await store.counts(study.id)).invalid,
    best: findings?.best ?? best ?? null,
    spec: study.spec === null ? null : studySpecSchema.parse(study.spec),
    findings,
    curve: { trials: settled, improvements: await store.improvements(study.id, CURVE_POINTS) },
    visits: await store.visits(study.id),
  };
}

export function studyReference({ study, kernel, target }: StudyStory) {
  const { id, seed, strategy } = study;
  const { name, shape, dtype } = kernel;
  return { id, kernel: name, shape, dtype, target: target.name, seed, strategy };
}
