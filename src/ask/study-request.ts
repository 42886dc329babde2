import { explain } from '../../search-space/explain.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration, Value } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { KernelRecord, TargetRecord } from '../../store/records.ts';
import { studyId } from '../../store/study-id.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { type FrozenPrior, frozenPrior, priorFrom, priorVersionOf } from '../../tuner/priors/prior.ts';
import type { StrategyFactory } from '../../tuner/strategies/_base.ts';
import type { Study } from '../../tuner/study.ts';
import { kernelFeatures } from '../kernels/features.ts';
import { kernelHash } from '../kernels/hash.ts';
import type { Kernel } from '../kernels/ir.ts';
import { serializeKernel } from '../kernels/json.ts';
import { type AnyKernel, isOpaque, opaqueHash } from '../kernels/opaque.ts';
import { formatShape } from '../kernels/shape.ts';
import type { Target } from '../targets/_base.ts';

/** What somebody asks to be tuned, after flags, plan or request were parsed. */
export type StudyRequest<K extends AnyKernel = Kernel> = Readonly<{
  kernel: K;
  /** "library", "opaque", or the file it was imported from. */
  kernelSource: string;
  target: Target<K>;
  strategy: StrategyFactory;
  seed: number;
  /** Values that parameters are held to; a single one fixes the parameter. */
  values: Readonly<Record<string, readonly Value[]>>;
  /** Combinations of values that are left out. */
  without?: readonly Readonly<Record<string, Value>>[];
  start: readonly Configuration[];
}>;

/**
 * Turns a request into a study that the store knows, with its space steered as asked.
 * What the store knows of its kind when it is opened first is its prior, for good.
 * Throws InputError where nothing of the space is left, or a start is not in it.
 */
export async function openStudy<K extends AnyKernel>(
  request: StudyRequest<K>,
  store: CatalogStore & StudyStore & ModelStore,
  toolVersion: string,
): Promise<Study> {
  const { kernel, target, strategy, seed } = request;
  const study = studyOf(request);
  const record = kernelRecord(kernel, request.kernelSource);
  await store.saveKernel(record);
  await store.saveTarget(targetRecord(target));
  const identity = {
    kernelHash: record.hash,
    targetFingerprint: target.fingerprint,
    spaceHash: study.space.hash,
    objective: 'time',
    strategy: strategy.name,
    seed,
  } as const;
  const { id } = await store.openStudy({
    ...identity,
    space: { parameters: study.space.parameters, constraints: study.space.constraints },
    defaultConfiguration: study.default,
    priorVersion: priorVersionOf(studyId(identity)),
    toolVersion,
  });
  return { ...study, id, ...beliefsOf(study.space, await frozenPrior(store, id)) };
}

/** What a study believes before its first trial, by what was frozen when it was opened. */
export function beliefsOf(space: SearchSpace, frozen: FrozenPrior | undefined): Pick<Study, 'prior'> {
  const prior = frozen && priorFrom(space.parameters, frozen);
  return prior === undefined ? {} : { prior };
}

/** The same study for the same request, before a store gives it its identity. */
export function studyOf<K extends AnyKernel>(request: StudyRequest<K>): Omit<Study, 'id'> {
  const { kernel, target, strategy, seed, start } = request;
  const scratchpad = target.scratchpadBytes?.bind(target);
  const whole = target.space(kernel);
  const rivals = target.rivals?.(whole);
  return {
    space: spaceOf(request),
    default: target.defaultConfiguration(kernel, whole),
    strategy,
    seed,
    start,
    ...(rivals && { rivals }),
    ...(scratchpad && { scratchpadBytes: (configuration) => scratchpad(kernel, configuration) }),
  };
}

/**
 * The space steered as asked. Throws InputError as `openStudy` does, so that what cannot be taken is
 * refused before a store is made.
 */
export function spaceOf<K extends AnyKernel>(request: StudyRequest<K>): SearchSpace {
  const { start } = request;
  const space = steered(request);
  for (const configuration of start) {
    const problem = explain(space, configuration);
    if (problem !== undefined) throw new InputError('--start', problem);
  }
  return space;
}

function steered<K extends AnyKernel>({ kernel, target, values, without }: StudyRequest<K>): SearchSpace {
  const whole = target.space(kernel);
  if (Object.keys(values).length === 0 && without === undefined) return whole;
  const space = whole.restrict({ values, ...(without !== undefined && { someNot: without }) });
  if (space !== null) return space;
  const asked = Object.entries(values).map(([name, allowed]) => `${name}=${allowed.join(',')}`);
  throw new InputError('--fix/--values', `${asked.join(' ')} leaves no configuration`, 'loosen one of them');
}

export function kernelRecord(kernel: AnyKernel, source: string): KernelRecord {
  const { name, dtype } = kernel;
  const said = { name, shape: formatShape(kernel.shape), dtype, source };
  return isOpaque(kernel)
    ? { ...said, hash: opaqueHash(kernel), ir: null, features: {} }
    : { ...said, hash: kernelHash(kernel), ir: serializeKernel(kernel), features: kernelFeatures(kernel) };
}

export function targetRecord<K>(target: Target<K>): TargetRecord {
  const { fingerprint, name, kind, description, features } = target;
  return { fingerprint, name, kind, description, features };
}
