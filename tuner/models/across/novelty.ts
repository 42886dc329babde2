import type { Features } from '../../../store/records.ts';
import type { StudyFacts } from './examples.ts';

/** A kernel or a target that the training data had. */
export type Acquaintance = Readonly<{ name: string; features: Features }>;

export type Acquaintances = Readonly<{
  kernels: readonly Acquaintance[];
  targets: readonly Acquaintance[];
}>;

export function acquaintancesOf(studies: readonly StudyFacts[]): Acquaintances {
  const kernels = new Map<string, Acquaintance>();
  const targets = new Map<string, Acquaintance>();
  for (const { kernel, target, kernelFeatures, targetFeatures } of studies) {
    kernels.set(kernel, { name: kernel, features: withoutSizes(kernelFeatures) });
    targets.set(target, { name: target, features: targetFeatures });
  }
  return { kernels: [...kernels.values()], targets: [...targets.values()] };
}

/** How strange a study's kernel and target are: 0 for known ones, 1 from as far as the known ones lie apart. */
export function noveltyOf(
  { kernels, targets }: Acquaintances,
  { kernel, target, kernelFeatures, targetFeatures }: StudyFacts,
): Readonly<{ kernel: number; target: number }> {
  return {
    kernel: strangeness(kernels, { name: kernel, features: withoutSizes(kernelFeatures) }),
    target: strangeness(targets, { name: target, features: targetFeatures }),
  };
}

function strangeness(known: readonly Acquaintance[], stranger: Acquaintance): number {
  if (Object.keys(stranger.features).length === 0) {
    return known.some(({ name }) => name === stranger.name) ? 0 : 1;
  }
  const nearest = Math.min(...known.map(({ features }) => distance(features, stranger.features)));
  const usual = usualDistance(known);
  return usual === 0 ? (nearest === 0 ? 0 : 1) : Math.min(1, nearest / usual);
}

/** The median over the known of the distance to their nearest other. */
function usualDistance(known: readonly Acquaintance[]): number {
  const nearest = known
    .map((one) =>
      Math.min(...known.flatMap((other) => (other === one ? [] : [distance(one.features, other.features)]))),
    )
    .filter((value) => Number.isFinite(value) && value > 0)
    .sort((a, b) => a - b);
  return nearest[nearest.length >> 1] ?? 0;
}

/** A kernel at another shape is no stranger. */
function withoutSizes(features: Features): Features {
  return Object.fromEntries(Object.entries(features).filter(([name]) => !name.startsWith('log2')));
}

function distance(a: Features, b: Features): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Math.hypot(...[...names].map((name) => (a[name] ?? 0) - (b[name] ?? 0)));
}
