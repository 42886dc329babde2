import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StoredBest } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { parseShape } from '../../kernels/shape.ts';
import type { Target } from '../../targets/_base.ts';
import { adaptTo } from './adapt.ts';
import type { Answer, PredictedBest } from './answer.ts';
import { evidenceOf } from './evidence.ts';
import { shapeDistance } from './shape-distance.ts';

/**
 * Beyond so many doublings of extents another shape tells nothing: a factor of four in size, or two
 * in each of two extents. docs/exports.md has the regret by distance that it was chosen from.
 */
export const FARTHEST_SHAPE = 2;

export type BestQuestion = Readonly<{ kernel: Kernel; target: Target }>;

/** A cost model's choice for a question; undefined where it knows nothing of the kernel or target. */
export type Predict = (question: BestQuestion) => Promise<PredictedBest | undefined>;

/**
 * What to use for a kernel on a target: what was observed of it; or of its nearest shape, where a
 * configuration of that is possible at the asked one; or what a model predicts; or the default of the
 * target's compiler. It looks up and never tunes. Throws InputError where the target cannot run the kernel.
 */
export async function findBest(
  question: BestQuestion,
  store: (StudyStore & FindingStore) | undefined,
  predict: Predict = async () => undefined,
): Promise<Answer> {
  const { kernel, target } = question;
  const observed = await store?.best({
    kernel: { hash: kernelHash(kernel) },
    target: { fingerprint: target.fingerprint },
  });
  if (store !== undefined && observed !== undefined) return observedAnswer(observed, store);
  const space = target.space(kernel);
  const others = store === undefined ? NOTHING : await otherBests(question, store);
  const nearest = nearestShape(others.shapes, space);
  if (nearest !== undefined) return nearest;
  const from = target.kind;
  const predicted = await predict(question);
  if (predicted !== undefined) {
    return { how: 'predicted', from, configuration: predicted.configuration, predicted };
  }
  const configuration = target.defaultConfiguration(kernel, space);
  return { how: 'default', from, configuration, why: whyDefault(others) };
}

/** An observed best with how well it is known. */
export async function observedAnswer(
  known: StoredBest,
  store: StudyStore & FindingStore,
): Promise<Extract<Answer, { how: 'observed' }>> {
  const { configuration, target } = known;
  const evidence = await evidenceOf(known, store);
  return { how: 'observed', from: target.kind, configuration, known, ...evidence };
}

type Other = Readonly<{ known: StoredBest; distance: number }>;
type Others = Readonly<{
  /** Other shapes of the same rank, nearest first. */
  shapes: readonly Other[];
  /** What was made on a target of this name that has changed since: no answer, but worth telling. */
  outdated: number;
}>;

const NOTHING: Others = Object.freeze({ shapes: [], outdated: 0 });

async function otherBests({ kernel, target }: BestQuestion, store: FindingStore): Promise<Others> {
  const bests = await store.bests({ kernelName: kernel.name, dtype: kernel.dtype });
  const shapes = bests
    .filter((known) => known.target.fingerprint === target.fingerprint)
    .flatMap((known) => {
      const distance = shapeDistance(kernel.shape, parseShape(known.kernel.shape));
      return distance === undefined || distance === 0 ? [] : [{ known, distance }];
    })
    .sort((a, b) => a.distance - b.distance);
  const outdated = bests.filter(
    (known) => known.target.name === target.name && known.target.fingerprint !== target.fingerprint,
  ).length;
  return { shapes, outdated };
}

function nearestShape(others: readonly Other[], space: SearchSpace): Answer | undefined {
  for (const { known, distance } of others) {
    if (distance > FARTHEST_SHAPE) return undefined;
    const adapted = adaptTo(space, known.configuration);
    if (adapted === undefined) continue;
    return { how: 'nearest shape', from: known.target.kind, known, distance, ...adapted };
  }
  return undefined;
}

function whyDefault({ shapes, outdated }: Others): string {
  const [nearest] = shapes;
  if (nearest === undefined) {
    const about = 'nothing is known of this kernel on this target';
    return outdated === 0 ? about : `${about} as it is now; it has changed since ${outdated} were found`;
  }
  const { known, distance } = nearest;
  const { shape } = known.kernel;
  if (distance > FARTHEST_SHAPE) {
    return `the nearest shape that is known, ${shape}, is ${distance.toFixed(2)} doublings away, over ${FARTHEST_SHAPE}: too far to tell`;
  }
  return `what is best at ${shape} is not possible at this shape`;
}
