import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { Store } from '../../store/store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import type { Gain } from '../../tuner/attribution/gain.ts';
import { parseFindings } from '../documents/findings.ts';
import { scalingFigures } from '../report/story/figures-of.ts';
import { tellStory } from '../report/story/story.ts';
import { inlineSvg } from '../report/svg/figure.ts';
import { subjectOf } from '../report/words/subject.ts';

/** A study's gain from double buffering, with its kernel's arithmetic operations per byte moved. */
export type BufferingPoint = Readonly<{
  study: string;
  kernel: string;
  target: string;
  name: string;
  opsPerByte: number;
  forced: Gain;
}>;

/** The content of a kernel's page: gains over size, and over arithmetic intensity. */
export type KernelPage = Readonly<{
  kernel: string;
  scalings: readonly Readonly<{
    title: string;
    mechanism: string;
    breakEven: number | null;
    svg: string | null;
  }>[];
  /** Points of all kernels on this kernel's targets: one kernel has nearly the same intensity at all sizes. */
  buffering: readonly BufferingPoint[];
}>;

export async function kernelPage(kernel: string, store: Store): Promise<KernelPage> {
  const story = await tellStory(store, { kernelName: kernel });
  // Other kernels of the same name are different computations with their own pages.
  const studies = story.studies.filter((each) => each.kernel.name === kernel);
  const scalings = story.scalings.filter((each) => each.kernel === kernel);
  const figures = scalingFigures({ scalings });
  return {
    kernel,
    scalings: scalings.map(({ dtype, target, from, mechanism, breakEven }, place) => {
      const drawn = figures[place];
      const times = from === null ? '' : ` (${targetKinds[from].label})`;
      return {
        title: `${mechanism.toUpperCase()}: ${kernel} ${dtype} on ${target}${times}`,
        mechanism,
        breakEven,
        svg: drawn === undefined ? null : inlineSvg(drawn),
      };
    }),
    buffering: await bufferingPoints(store, new Set(studies.map(({ target }) => target.name))),
  };
}

/** Reads findings only: there may be many studies, and their trials are not needed. */
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
