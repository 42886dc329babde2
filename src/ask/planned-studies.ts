import { InputError } from '../../search-space/input-error.ts';
import type { Budget } from '../../store/records.ts';
import type { TargetReference } from '../targets/reference.ts';
import { describeIssue } from '../text/describe-issue.ts';
import { parseDuration } from '../text/duration.ts';
import type { KernelReference } from './kernel-reference.ts';
import type { Plan, PlanBudget } from './plan.ts';
import { DEFAULT_TARGET, type StudySpec, studySpecSchema } from './study-spec.ts';
import { nextTimeOfDay } from './until.ts';

/** A study that a plan asks for. */
export type PlannedSpec = Readonly<{ spec: StudySpec; budget: Budget; priority: number; calls: number }>;

type Entry = Plan['studies'][number];

/** The most studies of a plan. */
const MOST_STUDIES = 10_000;

/**
 * The matrix of kernels, shapes and targets, in the plan's order. `now` is in milliseconds since 1970.
 * Throws InputError for a bad time of day or duration, and for more studies than a plan may have.
 */
export function plannedStudies(plan: Plan, now: number): readonly PlannedSpec[] {
  const planned = plan.studies.flatMap((entry) => {
    const budget = budgetOf(plan, entry, now);
    const targets = (entry.targets ?? plan.targets ?? [DEFAULT_TARGET]).map(targetReference);
    return (entry.shapes ?? [undefined]).flatMap((shape) =>
      targets.map((target) => ({
        spec: specOf(plan, entry, shape, target),
        budget,
        priority: entry.priority ?? 0,
        calls: entry.calls ?? 1,
      })),
    );
  });
  if (planned.length <= MOST_STUDIES) return planned;
  throw new InputError(
    'studies',
    `asks for ${planned.length} studies`,
    `at most ${MOST_STUDIES}: split the plan`,
  );
}

function specOf(plan: Plan, entry: Entry, shape: string | undefined, target: TargetReference): StudySpec {
  const { dtype, expressible, start } = entry;
  const spec = {
    kernel: kernelReference(entry.kernel),
    ...(shape !== undefined && { shape }),
    ...(dtype !== undefined && { dtype }),
    target,
    strategy: entry.strategy ?? plan.strategy,
    seed: plan.seed,
    values: heldBy(entry),
    ...(expressible !== undefined && { expressible }),
    start,
  };
  const parsed = studySpecSchema.safeParse(spec);
  if (parsed.success) return parsed.data;
  throw new InputError('studies', describeIssue(parsed.error.issues[0], spec, studySpecSchema));
}

/** Throws InputError for a parameter that is in both `fix` and `values`. */
function heldBy({ fix = {}, values = {} }: Entry): StudySpec['values'] {
  const twice = Object.keys(fix).find((name) => Object.hasOwn(values, name));
  if (twice !== undefined)
    throw new InputError(twice, 'is restricted twice', 'name it in `fix` or in `values`, not in both');
  const fixed = Object.entries(fix).map(([name, value]) => [name, [value] as const] as const);
  return { ...Object.fromEntries(fixed), ...values };
}

function kernelReference(kernel: Entry['kernel']): KernelReference {
  return typeof kernel === 'string' ? { kind: 'named', name: kernel } : kernel;
}

function targetReference(target: string | TargetReference): TargetReference {
  return typeof target === 'string' ? { kind: 'named', name: target } : target;
}

/** Limits of the whole plan. Its `until` is not among them: it is part of every study's budget. */
export function totalOf(plan: Plan): Readonly<{ trials?: number; forMs?: number }> {
  const { trials, for: duration } = plan.total ?? {};
  return {
    ...(trials !== undefined && { trials }),
    ...(duration !== undefined && { forMs: parseDuration('total.for', duration) }),
  };
}

function budgetOf(plan: Plan, entry: Entry, now: number): Budget {
  const own: PlanBudget = entry.budget ?? plan.budget ?? {};
  const instants = [own.until, plan.total?.until].flatMap((until) =>
    until === undefined ? [] : [nextTimeOfDay(until, plan.timeZone, now)],
  );
  return {
    ...(own.trials !== undefined && { trials: own.trials }),
    ...(own.for !== undefined && { forMs: parseDuration('budget.for', own.for) }),
    ...(instants.length > 0 && { until: Math.min(...instants) }),
    ...(plan.done !== null && { stall: plan.done }),
  };
}
