import { restrictionText } from '../../../search-space/restriction-text.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StoredBest } from '../../../store/records.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { TIME } from '../../../tuner/objectives/metrics.ts';
import { isOfTimes } from '../../../tuner/objectives/objective.ts';
import type { KernelOnTarget } from '../../ask/kernel-on-target.ts';
import type { ResolvedKernel } from '../../ask/resolve-kernel.ts';
import { kernelHash } from '../../kernels/hash.ts';
import { parseShape } from '../../kernels/shape.ts';
import { expectedTime, shapeTimes, untriedShape } from './across-shapes.ts';
import { adaptTo } from './adapt.ts';
import type { BestAnswer, PredictedBest } from './answer.ts';
import { type EvidenceSource, evidenceOf } from './evidence.ts';
import { knownFront } from './known-front.ts';
import { FARTHEST_SHAPE, shapeDistance } from './shape-distance.ts';
import { type SimulatingEvent, simulatedNow } from './simulated-now.ts';

/**
 * `source` is where the kernel came from: a kernel of the same name from elsewhere is a different one. `objective` asks for
 * studies that seek this, as `objectiveText` writes it.
 */
export type BestQuestion = KernelOnTarget & Pick<ResolvedKernel, 'source'> & Readonly<{ objective?: string }>;

/** The parts of the store that an answer reads. */
export type BestSource = Pick<CatalogStore, 'targets' | 'kernels'> &
  EvidenceSource &
  Pick<FindingStore, 'best' | 'bests'>;

/** A cost model's choice for a subject; undefined without a model. */
export type Predict = (subject: KernelOnTarget) => Promise<PredictedBest | undefined>;

/**
 * The configuration to use for a kernel on a target: the observed best; or, on a simulated target, the best that is
 * found there and then; or that of the nearest shape, far or not, which is possible at the asked one; or a model's
 * prediction; or the default of the target's compiler. It measures nothing. Throws InputError if the target cannot
 * run the kernel.
 */
export async function findBest(
  subject: BestQuestion,
  store: BestSource | undefined,
  predict: Predict = async () => undefined,
  listen: (event: SimulatingEvent) => void = () => {},
): Promise<BestAnswer> {
  const { kernel, target, objective } = subject;
  const observed = await store?.best({
    kernel: { hash: kernelHash(kernel) },
    target: { fingerprint: target.fingerprint },
    ...(objective !== undefined && { objective }),
  });
  if (store !== undefined && observed !== undefined) return observedAnswer(observed, store);
  const space = target.space(kernel);
  if (objective !== undefined && !isOfTimes(objective)) {
    // All else that is known are times.
    const configuration = target.defaultConfiguration(kernel, space);
    const why = `no study of this kernel on this target seeks ${objective}`;
    return { how: 'default', from: target.kind, configuration, isFar: false, why };
  }
  const others = store === undefined ? NOTHING : await otherBests(subject, store);
  const from = target.kind;
  const nearest = store && (await nearestShape(subject, others.shapes, space, store));
  const starts = nearest === undefined ? [] : [nearest.configuration];
  const simulated = await simulatedNow(subject, starts, listen);
  if (simulated !== undefined) {
    const why = others.shapes.length > 0 ? 'this shape was not tuned' : whyNothing(others);
    return { how: 'simulated now', from, configuration: simulated.configuration, simulated, why };
  }
  if (nearest !== undefined) return nearest;
  const why = whyNoShape(others);
  const isFar = others.shapes.length > 0 && others.shapes[0].distance > FARTHEST_SHAPE;
  const predicted = await predict(subject);
  if (predicted !== undefined) {
    return { how: 'predicted', from, configuration: predicted.configuration, predicted, isFar, why };
  }
  const configuration = target.defaultConfiguration(kernel, space);
  return { how: 'default', from, configuration, isFar, why };
}

/** An observed best with its interval and gain. */
export async function observedAnswer(
  known: StoredBest,
  store: BestSource,
): Promise<Extract<BestAnswer, { how: 'observed' }>> {
  const { configuration, target } = known;
  const evidence = await evidenceOf(known, store);
  const restrictedTo = await restrictionOf(known, store);
  const sought = await soughtBy(known, store);
  return { how: 'observed', from: target.kind, configuration, known, restrictedTo, ...sought, ...evidence };
}

/** What a study sought, where it is not the shortest time. */
async function soughtBy({ studyId, objective }: StoredBest, store: BestSource) {
  if (objective === TIME) return {};
  const front = knownFront(await store.findings(studyId));
  return { objective, ...(front && { front }) };
}

/** What --fix, --values and --forbid left of the space of a best's study; empty for all of it. */
async function restrictionOf({ studyId }: StoredBest, store: BestSource): Promise<string> {
  const study = await store.study(studyId);
  return study === undefined ? '' : restrictionText(study.space);
}

type Other = Readonly<{ known: StoredBest; distance: number }>;
type Others = Readonly<{
  /** Other shapes of the same rank, nearest first. */
  shapes: readonly Other[];
  /** The number of bests for earlier fingerprints of the target's name; they are only noted. */
  outdated: number;
  /** The titles of other kernels of the same name with results on this target; they are only noted. */
  namesakes: readonly string[];
}>;

const NOTHING: Others = Object.freeze({ shapes: [], outdated: 0, namesakes: [] });

async function otherBests({ kernel, source, target }: BestQuestion, store: BestSource): Promise<Others> {
  const named = await store.bests({ kernelName: kernel.name, dtype: kernel.dtype });
  const isSameOrigin = (known: StoredBest): boolean =>
    (known.kernel.source === 'library') === (source === 'library');
  const bests = named.filter((known) => isSameOrigin(known) && isOfTimes(known.objective));
  const shapes = bests
    .filter((known) => known.target.fingerprint === target.fingerprint)
    .flatMap((known) => {
      const distance = shapeDistance(kernel.shape, parseShape(known.kernel.shape));
      return distance === undefined || distance === 0 ? [] : [{ known, distance }];
    })
    .sort((a, b) => a.distance - b.distance);
  const alike = new Set((await store.targets({ name: target.name })).map(({ fingerprint }) => fingerprint));
  alike.delete(target.fingerprint);
  const outdated = bests.filter((known) => alike.has(known.target.fingerprint)).length;
  const others = named.filter(
    (known) => !isSameOrigin(known) && known.target.fingerprint === target.fingerprint,
  );
  return { shapes, outdated, namesakes: [...new Set(others.map((known) => known.kernel.name))] };
}

type NearestShape = Extract<BestAnswer, { how: 'nearest shape' }>;

async function nearestShape(
  { kernel, source, target }: BestQuestion,
  others: readonly Other[],
  space: SearchSpace,
  store: BestSource,
): Promise<NearestShape | undefined> {
  for (const { known, distance } of others) {
    const adapted = adaptTo(space, known.configuration);
    if (adapted === undefined) continue;
    const isFar = distance > FARTHEST_SHAPE;
    const restrictedTo = await restrictionOf(known, store);
    const { kind, fingerprint } = known.target;
    const tuned = targetKinds[target.kind].isSimulated ? [] : await shapeTimes(store, fingerprint);
    const expected = expectedTime(untriedShape(kernel, source), tuned);
    return { how: 'nearest shape', from: kind, known, distance, isFar, restrictedTo, expected, ...adapted };
  }
  return undefined;
}

function whyNoShape(others: Others): string {
  const [nearest] = others.shapes;
  if (nearest === undefined) return whyNothing(others);
  const { known, distance } = nearest;
  const far =
    distance > FARTHEST_SHAPE ? `far: ${distance.toFixed(2)} doublings from the nearest tuned shape; ` : '';
  return `${far}the best configuration of ${known.kernel.shape} is not possible at this shape`;
}

function whyNothing({ outdated, namesakes }: Others): string {
  const alike = namesakes.length === 0 ? '' : `, only for another of its name: ${namesakes.join(', ')}`;
  const about = `there is no result for this kernel on this target${alike}`;
  if (outdated === 0) return about;
  const earlier = outdated === 1 ? '1 result is' : `${outdated} results are`;
  return `${about}; ${earlier} from before the target changed`;
}
