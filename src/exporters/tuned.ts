import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { KernelRecord, StoredBest, TargetRecord } from '../../store/records.ts';
import type { StudyStore, StudySummary } from '../../store/study-store.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import { isKnown, unknown } from '../../tuner/attribution/gain.ts';
import { isOfTimes, readObjective } from '../../tuner/objectives/objective.ts';
import { evidenceOf } from '../answers/best/evidence.ts';
import { gather, type SetAside } from '../answers/best/gather.ts';
import { candidatesOf, simulatedShape, storedShape } from '../answers/best/known-shape.ts';
import { type KnownShape, keyOf, leastRegret } from '../answers/best/robust.ts';
import { comparedTrials } from '../answers/compared-trials.ts';
import { bestFigure } from '../answers/study-best.ts';
import { parseKernel } from '../kernels/json.ts';
import { compareShapes } from '../kernels/shape.ts';
import type { Target } from '../targets/_base.ts';
import { byCodeUnits } from '../text/by-code-units.ts';
import { reasonWords } from '../text/unknown-words.ts';
import type { Fallback, TunedKernel, TunedShape, TunedStudy, TunedTarget } from './_base.ts';
import { shapeLabel } from './names.ts';

/** Which of a store's results to export; an absent field selects all. `objective`: of studies that seek this, as `objectiveText` writes it. */
export type ExportFilter = Readonly<{ kernel?: string; target?: string; objective?: string }>;

/** Finds a stored target as it is today; undefined if its fingerprint has changed or it is gone. */
export type FindTarget = (record: TargetRecord) => Promise<Target | undefined>;

/** The parts of a store that an export reads. */
export type ExportSource = CatalogStore & StudyStore & FindingStore;

/**
 * A store's best configurations by the name of a target, kernel, dtype and shape, and all its studies. `gather`
 * says which results of a name count together. A name under which nothing could be timed has no kernels.
 */
export async function tunedTargets(
  store: ExportSource,
  filter: ExportFilter,
  findTarget: FindTarget,
): Promise<readonly TunedTarget[]> {
  const records = await store.targets(filter.target === undefined ? {} : { name: filter.target });
  const tuned: TunedTarget[] = [];
  for (const name of new Set(records.map((record) => record.name))) {
    const [latest, ...earlier] = records.filter((record) => record.name === name);
    const found = await tunedTarget([latest, ...earlier], filter, store, findTarget);
    if (found !== undefined) tuned.push(found);
  }
  return tuned;
}

async function tunedTarget(
  records: readonly [TargetRecord, ...TargetRecord[]],
  filter: ExportFilter,
  store: ExportSource,
  findTarget: FindTarget,
): Promise<TunedTarget | undefined> {
  const { kernel, objective } = filter;
  const named = kernel !== undefined && { kernelName: kernel };
  const sought = objective !== undefined && { objective };
  const bests: StoredBest[] = [];
  const summaries: StudySummary[] = [];
  for (const { fingerprint: targetFingerprint } of records) {
    bests.push(...(await store.bests({ targetFingerprint, ...named, ...sought })));
    const studies = await store.studies({ targetFingerprint, ...named });
    summaries.push(
      ...studies.filter(({ study }) => objective === undefined || study.objective === objective),
    );
  }
  if (summaries.length === 0) return undefined;
  const { target, bests: chosen, setAside } = gather(records, bests);
  const today = await findTarget(target);
  const kernels: TunedKernel[] = [];
  for (const group of byKernel(chosen)) kernels.push(await tunedKernel(group, records, store, today));
  const studies = (await Promise.all(summaries.map((each) => tunedStudy(each, records, store)))).flat();
  return {
    target,
    kernels,
    studies: studies.sort(byKernelAndId),
    leftOut: [
      ...setAside
        .flatMap((each) => (each.instead === undefined ? [withoutSuccessor(each)] : []))
        .sort(byCodeUnits),
      ...[...withoutTimes(summaries)].sort(byCodeUnits),
      ...replaced(setAside),
      ...otherOptima(chosen),
    ],
  };
}

function withoutSuccessor({ best, why }: SetAside): string {
  return `${shapeLabel(best.kernel)}: study ${best.studyId} ${why}`;
}

/** A sentence for each shape of which several are the best. */
function otherOptima(bests: readonly StoredBest[]): readonly string[] {
  return bests.flatMap(({ kernel, objective }) => {
    const { names } = readObjective(objective);
    if (names.length === 1) return [];
    return [
      `${shapeLabel(kernel)}: of all that are best in ${names.join(' and ')} the least in ${names[0]} alone is exported; \`nightshift best ${kernel.name} --shape ${kernel.shape} --objective ${names.join(',')}\` lists the others`,
    ];
  });
}

/** How many replaced results are named; a device has one for each command that was ever used. */
const MOST_NAMED = 8;

/** One sentence for all results that were found again: their kernels and shapes are there. */
function replaced(setAside: readonly SetAside[]): readonly string[] {
  const labels = setAside.flatMap(({ best, instead }) =>
    instead === undefined
      ? []
      : [`${shapeLabel(best.kernel)} (study ${best.studyId}, now ${instead.studyId})`],
  );
  if (labels.length === 0) return [];
  const named = labels.sort(byCodeUnits).slice(0, MOST_NAMED);
  const more = labels.length > named.length ? `, and ${labels.length - named.length} more` : '';
  return [
    `results that were found again in another way or on the changed target: ${named.join(', ')}${more}`,
  ];
}

/** A sentence for each kernel and shape of which nothing could be timed. */
function withoutTimes(summaries: readonly StudySummary[]): readonly string[] {
  const timed = new Set(summaries.filter(({ best }) => best !== undefined).map(({ kernel }) => kernel.hash));
  return summaries
    .filter(({ kernel }) => !timed.has(kernel.hash))
    .flatMap((summary) => {
      const best = bestFigure(summary);
      if (isKnown(best)) return [];
      return [`${shapeLabel(summary.kernel)}: the time of study ${summary.study.id} is ${reasonWords(best)}`];
    });
}

async function tunedStudy(
  { kernel: title, study, best }: StudySummary,
  records: readonly TargetRecord[],
  store: ExportSource,
): Promise<readonly TunedStudy[]> {
  const kernel = await store.kernel(title.hash);
  const target = records.find(({ fingerprint }) => fingerprint === study.targetFingerprint);
  if (kernel === undefined || target === undefined) return [];
  const trials = () => store.trials(study.id);
  return [{ title, kernel, target, study, best, trials, compared: () => comparedTrials(study.id, store) }];
}

function byKernelAndId(a: TunedStudy, b: TunedStudy): number {
  return (
    byCodeUnits(a.title.name, b.title.name) ||
    byCodeUnits(a.title.dtype, b.title.dtype) ||
    compareShapes(a.title.shape, b.title.shape) ||
    byCodeUnits(a.study.id, b.study.id)
  );
}

/** Kernels by name and dtype in the order of their names, the shapes of each from the smallest. */
function byKernel(bests: readonly StoredBest[]): readonly (readonly StoredBest[])[] {
  const groups = new Map<string, StoredBest[]>();
  for (const best of bests) {
    const key = JSON.stringify([best.kernel.name, best.kernel.dtype]);
    groups.set(key, [...(groups.get(key) ?? []), best]);
  }
  return [...groups.values()]
    .sort(([{ kernel: a }], [{ kernel: b }]) => byCodeUnits(a.name, b.name) || byCodeUnits(a.dtype, b.dtype))
    .map((group) => group.sort((a, b) => compareShapes(a.kernel.shape, b.kernel.shape)));
}

async function tunedKernel(
  bests: readonly StoredBest[],
  records: readonly TargetRecord[],
  store: ExportSource,
  today: Target | undefined,
): Promise<TunedKernel> {
  const shapes: TunedShape[] = [];
  for (const best of bests) {
    const kernel = await store.kernel(best.kernel.hash);
    const study = await store.study(best.studyId);
    const target = records.find(({ fingerprint }) => fingerprint === best.target.fingerprint);
    if (kernel === undefined || study === undefined || target === undefined) continue;
    const evidence = await evidenceOf(best, store);
    const visit = (await store.visits(study.id)).at(-1)?.id ?? null;
    shapes.push({ kernel, best, target, study, ...evidence, visit });
  }
  const { name, dtype } = bests[0].kernel;
  return { name, dtype, shapes, fallback: await fallbackOf(shapes, store, today) };
}

const ONE_SHAPE = unknown('not applicable', 'only one shape was tuned');

async function fallbackOf(
  shapes: readonly TunedShape[],
  store: StudyStore,
  today: Target | undefined,
): Promise<Fallback> {
  const [{ best, kernel, study }] = shapes;
  if (shapes.length === 1) {
    const { configuration, timeUs } = best;
    const regrets = [{ shape: kernel.shape, timeUs, regret: ONE_SHAPE }];
    return { kind: 'robust', choice: { configuration, worst: ONE_SHAPE, regrets, considered: 1 } };
  }
  const usual = (why: string): Fallback => ({
    kind: 'default',
    configuration: study.defaultConfiguration,
    why,
  });
  const other = shapes.find((shape) => !isOfTimes(shape.best.objective));
  if (other !== undefined) return usual(`at ${other.kernel.shape} ${other.best.objective} was sought`);
  const simplicity = { space: study.space, default: study.defaultConfiguration };
  const choice = leastRegret(await known(shapes, store, today), simplicity);
  return choice === null ? usual('no configuration has a time at every shape') : { kind: 'robust', choice };
}

async function known(
  shapes: readonly TunedShape[],
  store: StudyStore,
  today: Target | undefined,
): Promise<readonly KnownShape[]> {
  const found: (KnownShape | undefined)[] = [];
  if (today !== undefined && targetKinds[today.kind].isSimulated) {
    const lists = await Promise.all(
      shapes.map(({ kernel, target }) => candidatesOf(kernel.hash, target.fingerprint, store)),
    );
    const candidates = [...new Map(lists.flat().map((each) => [keyOf(each), each])).values()];
    for (const { kernel } of shapes) found.push(await simulated(kernel, today, candidates));
  } else {
    for (const { kernel, target } of shapes) found.push(await storedShape(kernel, target.fingerprint, store));
  }
  return found.filter((shape) => shape !== undefined);
}

async function simulated(
  { ir }: KernelRecord,
  target: Target,
  candidates: Parameters<typeof simulatedShape>[2],
): Promise<KnownShape | undefined> {
  return ir === null ? undefined : simulatedShape(parseKernel(ir), target, candidates);
}
