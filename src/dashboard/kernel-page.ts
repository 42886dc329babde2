import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { Store } from '../../store/store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { Gain } from '../../tuner/attribution/gain.ts';
import { parseFindings } from '../documents/findings.ts';
import { scalingFigures } from '../report/story/figures-of.ts';
import { tellStory } from '../report/story/story.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { subjectOf, TIME_LABELS } from '../report/terminal/study-title.ts';

/** What double buffering gains, beside how much there is to compute for each byte that is moved. */
export type BufferingPoint = Readonly<{
  study: string;
  kernel: string;
  target: string;
  name: string;
  opsPerByte: number;
  forced: Gain;
}>;

/** What the page of a kernel shows: gains over its sizes, and over compute to transfer. */
export type KernelPage = Readonly<{
  kernel: string;
  scalings: readonly Readonly<{
    title: string;
    mechanism: string;
    breakEven: number | null;
    svg: string | null;
  }>[];
  /** Of all kernels on the targets of this one: one kernel has one ratio at most sizes. */
  buffering: readonly BufferingPoint[];
}>;

export async function kernelPage(kernel: string, store: Store): Promise<KernelPage> {
  const story = await tellStory(store, { kernelName: kernel });
  const figures = scalingFigures(story);
  return {
    kernel,
    scalings: story.scalings.map(({ dtype, target, from, mechanism, breakEven }, place) => {
      const drawn = figures[place];
      const times = from === null ? '' : ` (${TIME_LABELS[from]})`;
      return {
        title: `${mechanism.toUpperCase()}: ${kernel} ${dtype} on ${target}${times}`,
        mechanism,
        breakEven,
        svg: drawn === undefined ? null : inlineSvg(drawn),
      };
    }),
    buffering: await bufferingPoints(store, new Set(story.studies.map(({ target }) => target.name))),
  };
}

/** From what was found alone: there may be many studies, and their trials tell nothing here. */
async function bufferingPoints(
  store: CatalogStore & StudyStore & FindingStore,
  targets: ReadonlySet<string>,
): Promise<readonly BufferingPoint[]> {
  const features = new Map((await store.kernels()).map((record) => [record.hash, record.features]));
  const points: BufferingPoint[] = [];
  for (const { study, kernel, target } of await store.studies()) {
    const opsPerByte = ratioOf(features.get(kernel.hash) ?? {});
    const stored = targets.has(target.name) ? await store.findings(study.id) : undefined;
    const forced = stored === undefined ? null : (parseFindings(stored).gains.db?.forced ?? null);
    if (forced === null || opsPerByte === undefined) continue;
    const name = `${subjectOf(kernel)} on ${target.name}`;
    points.push({ study: study.id, kernel: kernel.name, target: target.name, name, opsPerByte, forced });
  }
  return points;
}

/** Arithmetic operations for each byte moved, from the kernel's features. */
function ratioOf(features: Readonly<Record<string, number>>): number | undefined {
  const { log2Intensity } = features;
  return log2Intensity === undefined ? undefined : 2 ** log2Intensity;
}
