import type { Features } from '../../../store/records.ts';
import type { StudyFacts } from './examples.ts';

/** A kernel or a target of the training data. */
type KnownSubject = Readonly<{ name: string; features: Features }>;

export type KnownSubjects = Readonly<{
  kernels: readonly KnownSubject[];
  targets: readonly KnownSubject[];
}>;

export function knownSubjectsOf(studies: readonly StudyFacts[]): KnownSubjects {
  const kernels = new Map<string, KnownSubject>();
  const targets = new Map<string, KnownSubject>();
  for (const { kernel, target, kernelFeatures, targetFeatures } of studies) {
    kernels.set(kernel, { name: kernel, features: withoutSizes(kernelFeatures) });
    targets.set(target, { name: target, features: targetFeatures });
  }
  return { kernels: [...kernels.values()], targets: [...targets.values()] };
}

/** How new a study's kernel and target are to a model: 0 for known ones, 1 for those at least as far away as the known ones are apart. */
export function noveltyOf(
  { kernels, targets }: KnownSubjects,
  { kernel, target, kernelFeatures, targetFeatures }: StudyFacts,
): Readonly<{ kernel: number; target: number }> {
  return {
    kernel: noveltyAmong(kernels, { name: kernel, features: withoutSizes(kernelFeatures) }),
    target: noveltyAmong(targets, { name: target, features: targetFeatures }),
  };
}

function noveltyAmong(known: readonly KnownSubject[], subject: KnownSubject): number {
  if (Object.keys(subject.features).length === 0) {
    return known.some(({ name }) => name === subject.name) ? 0 : 1;
  }
  const nearest = Math.min(...known.map(({ features }) => distance(features, subject.features)));
  const usual = usualDistance(known);
  return usual === 0 ? (nearest === 0 ? 0 : 1) : Math.min(1, nearest / usual);
}

/** The median distance of a known one to its nearest neighbour. */
function usualDistance(known: readonly KnownSubject[]): number {
  const nearest = known
    .map((one) =>
      Math.min(...known.flatMap((other) => (other === one ? [] : [distance(one.features, other.features)]))),
    )
    .filter((value) => Number.isFinite(value) && value > 0)
    .sort((a, b) => a - b);
  return nearest[nearest.length >> 1] ?? 0;
}

/** A known kernel at another shape is not new. */
function withoutSizes(features: Features): Features {
  return Object.fromEntries(Object.entries(features).filter(([name]) => !name.startsWith('log2')));
}

function distance(a: Features, b: Features): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Math.hypot(...[...names].map((name) => (a[name] ?? 0) - (b[name] ?? 0)));
}
