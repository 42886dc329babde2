import { InputError } from '../../search-space/input-error.ts';
import type { Budget, KernelRecord, TargetRecord } from '../../store/records.ts';
import { studyId } from '../../store/study-id.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import { type Restrict, restrictHere } from '../../tuner/attribution/restrict.ts';
import type { Rival } from '../../tuner/attribution/rivals.ts';
import type { Backend } from '../../tuner/backend.ts';
import { TIME } from '../../tuner/objectives/metrics.ts';
import {
  metricsNeeded,
  type Objective,
  objectiveText,
  parseObjective,
  SHORTEST_TIME,
} from '../../tuner/objectives/objective.ts';
import { strategyFor } from '../../tuner/strategies/registry.ts';
import type { Study } from '../../tuner/study-definition.ts';
import type { AnyKernel } from '../kernels/opaque.ts';
import { kernelRecord } from '../kernels/record.ts';
import type { BackendLimits, Target } from '../targets/_base.ts';
import { targetRecord } from '../targets/record.ts';
import { parseDuration } from '../text/duration.ts';
import { resolveSubject } from './kernel-on-target.ts';
import type { Imports } from './own-kernels.ts';
import { checkedStart, steerSpace } from './steer-space.ts';
import type { StudySpec } from './study-spec.ts';
import { usualBudget } from './usual-budget.ts';

/** A study with its kernel, target and space. Made once, in the process that visits the study. */
export type ResolvedStudy = Readonly<{
  id: string;
  /** The spec, with an imported kernel's name replaced by its content. */
  spec: StudySpec;
  kernel: KernelRecord;
  target: TargetRecord;
  study: Omit<Study, 'id' | 'subspaces'>;
  /** What the target's mechanisms are also compared with. */
  rivals: readonly Rival[];
  usualBudget: Budget;
  /** A sentence for each assumption about the kernel. */
  notes: readonly string[];
  /** Throws InputError where what its backend needs is not installed: asked before a store is made. */
  checkTools(): Promise<void>;
  backend(): Promise<Backend>;
}>;

/**
 * `restrict` steers the space. Throws InputError for unknown names, an empty space, and a start configuration
 * outside of it.
 */
export async function resolveStudy(
  spec: StudySpec,
  imports?: Imports,
  restrict: Restrict = restrictHere,
): Promise<ResolvedStudy> {
  const { kernel, notes, source, reference, target } = await resolveSubject(spec, imports);
  const limits = limitsOf(spec, target);
  const bound = await bindStudy({ ...spec, kernel: reference }, { kernel, source, target, limits }, restrict);
  return { ...bound, notes };
}

/** Resolves a study of a kernel and a target that only this process has, such as a device or a table. */
export async function bindStudy<K extends AnyKernel>(
  spec: StudySpec,
  {
    kernel,
    source,
    target,
    limits,
  }: Readonly<{ kernel: K; source: string; target: Target<K>; limits?: BackendLimits }>,
  restrict: Restrict = restrictHere,
): Promise<ResolvedStudy> {
  const objective = objectiveOf(spec, target);
  const whole = target.space(kernel);
  const space = await steerSpace(whole, spec, restrict, (name) => target.whyLacking?.(kernel, name));
  const scratchpad = target.scratchpadBytes?.bind(target);
  const study = {
    space,
    default: target.defaultConfiguration(kernel, whole),
    strategy: strategyFor(spec.strategy, objective.names.length),
    ...(objective !== SHORTEST_TIME && { objective }),
    seed: spec.seed,
    ...(spec.wave !== undefined && { wave: spec.wave }),
    start: checkedStart(spec.start, space, whole),
    ...(scratchpad && { scratchpadBytes: (configuration) => scratchpad(kernel, configuration) }),
  } satisfies ResolvedStudy['study'];
  const records = { kernel: kernelRecord(kernel, source), target: targetRecord(target) };
  const id = studyId(identityOf({ ...records, study }));
  return Object.freeze({
    id,
    spec,
    ...records,
    study,
    rivals: target.rivals?.(whole) ?? [],
    usualBudget: usualBudget(target.kind, space.size),
    notes: [],
    checkTools: async () => target.checkTools?.(),
    backend: () => target.backend(kernel, whole, limits),
  });
}

/** Throws InputError for an objective or a limit of what the target does not report. */
function objectiveOf(
  { objective = TIME, limits = [] }: StudySpec,
  { name, metrics = [] }: Target<never>,
): Objective {
  if (objective === TIME && limits.length === 0) return SHORTEST_TIME;
  const asked = parseObjective(objective, limits);
  const unknown = metricsNeeded(asked).find((metric) => metrics !== 'any' && !metrics.includes(metric));
  if (unknown === undefined) return asked;
  const field = asked.names.includes(unknown) ? 'objective' : 'limit';
  const known = metrics === 'any' ? [] : metrics;
  throw new InputError(
    field,
    `target '${name}' reports no ${unknown}`,
    `it reports ${[TIME, ...known].join(', ')}`,
  );
}

/** Throws InputError for a limit of what the target does not do. */
function limitsOf({ timeout }: StudySpec, { name, kind }: Target): BackendLimits {
  if (timeout === undefined) return {};
  if (targetKinds[kind].compiles) return { compileMs: parseDuration('timeout', timeout) };
  throw new InputError('timeout', `target '${name}' compiles nothing`, 'leave it out');
}

/** The identity of a study: its id is a hash of it. */
export function identityOf({ kernel, target, study }: Pick<ResolvedStudy, 'kernel' | 'target' | 'study'>) {
  return {
    kernelHash: kernel.hash,
    targetFingerprint: target.fingerprint,
    spaceHash: study.space.hash,
    objective: objectiveText(study.objective ?? SHORTEST_TIME),
    strategy: study.strategy.name,
    seed: study.seed,
    ...(study.wave !== undefined && { wave: study.wave }),
  } as const;
}
