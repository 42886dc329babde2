import type { Configuration } from '../../../search-space/parameter.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { formatShape } from '../../kernels/shape.ts';
import type { Target } from '../../targets/_base.ts';
import { type KnownShape, keyOf } from './robust.ts';

/** How many of a study's fastest trials are compared across shapes. */
const CANDIDATES = 256;

/**
 * The fastest configurations of all studies of a kernel on a target, the default, and what the studies recommend, which
 * a comparison may have found without a trial of it.
 */
export async function candidatesOf(
  kernelHash: string,
  targetFingerprint: string,
  store: StudyStore,
): Promise<readonly Configuration[]> {
  const found = new Map<string, Configuration>();
  for (const { study, best } of await store.studies({ kernelHash, targetFingerprint })) {
    const trials = await store.fastest(study.id, CANDIDATES);
    const recommended = best === undefined ? [] : [best];
    for (const { configuration } of [
      { configuration: study.defaultConfiguration },
      ...recommended,
      ...trials,
    ]) {
      found.set(keyOf(configuration), configuration);
    }
  }
  return [...found.values()];
}

/** The times of all studies of a kernel on a target; undefined if nothing was timed. */
export async function storedShape(
  kernel: Readonly<{ hash: string; shape: string }>,
  targetFingerprint: string,
  store: StudyStore,
): Promise<KnownShape | undefined> {
  const timed = new Map<string, KnownShape['timed'][number]>();
  for (const { study } of await store.studies({ kernelHash: kernel.hash, targetFingerprint })) {
    for await (const trial of store.trials(study.id)) {
      if (trial.state !== 'timed') continue;
      const { configuration, timeUs } = trial;
      const known = timed.get(keyOf(configuration));
      if (known === undefined || timeUs < known.timeUs)
        timed.set(keyOf(configuration), { configuration, timeUs });
    }
  }
  return knownShape(kernel.shape, [...timed.values()]);
}

/**
 * The simulated times of all candidates that are possible at the kernel's shape, or carried out as one that is, whether a
 * study has tried them or not.
 */
export async function simulatedShape(
  kernel: Kernel,
  target: Target,
  candidates: readonly Configuration[],
): Promise<KnownShape | undefined> {
  const space = target.space(kernel);
  const backend = await target.backend(kernel, space);
  const signal = new AbortController().signal;
  const session = await backend.session([], signal);
  try {
    const timed: KnownShape['timed'][number][] = [];
    for (const configuration of candidates) {
      const run = space.has(configuration)
        ? configuration
        : (target.carriedOutAs?.(kernel, configuration) ?? configuration);
      const prepared = await backend.prepare({ configuration: run, subset: '', origin: 'robust' }, signal);
      if (prepared.state !== 'ready') continue;
      const sample = await session.sample(prepared.variant, 0);
      if (sample.state === 'timed') timed.push({ configuration, timeUs: sample.timeUs });
    }
    return knownShape(formatShape(kernel.shape), timed);
  } finally {
    await session.close();
    await backend.close();
  }
}

/**
 * The times of one kernel at several shapes, and the shapes without any. Times that are missing are
 * computed on a simulated target; on a real one only measured times count.
 */
export async function knownShapes(
  kernels: readonly Kernel[],
  target: Target,
  store: StudyStore,
): Promise<Readonly<{ known: readonly KnownShape[]; unknown: readonly string[] }>> {
  const perKernel = await Promise.all(
    kernels.map((kernel) => candidatesOf(kernelHash(kernel), target.fingerprint, store)),
  );
  const unknown = kernels.filter((_, place) => perKernel[place].length === 0);
  const candidates = [...new Map(perKernel.flat().map((each) => [keyOf(each), each])).values()];
  const known: KnownShape[] = [];
  for (const kernel of kernels) {
    if (unknown.includes(kernel)) continue;
    const shape = { hash: kernelHash(kernel), shape: formatShape(kernel.shape) };
    const found = targetKinds[target.kind].isSimulated
      ? await simulatedShape(kernel, target, candidates)
      : await storedShape(shape, target.fingerprint, store);
    if (found !== undefined) known.push(found);
  }
  return { known, unknown: unknown.map(({ shape }) => formatShape(shape)) };
}

function knownShape(shape: string, timed: KnownShape['timed']): KnownShape | undefined {
  if (timed.length === 0) return undefined;
  return {
    shape,
    timed,
    bestUs: timed.reduce((best, { timeUs }) => Math.min(best, timeUs), Number.POSITIVE_INFINITY),
  };
}
