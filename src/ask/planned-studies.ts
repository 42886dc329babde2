import type { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import type { Budget } from '../../store/records.ts';
import type { TargetReference } from '../targets/reference.ts';
import { describeIssue, mainIssue } from '../text/describe-issue.ts';
import { parseDuration } from '../text/duration.ts';
import type { KernelReference } from './kernel-reference.ts';
import type { Plan, PlanBudget } from './plan.ts';
import { DEFAULT_TARGET, type StudySpec, studySpecSchema } from './study-spec.ts';
import { nextTimeOfDay } from './until.ts';

/** A study that a plan asks for. */
export type PlannedSpec = Readonly<{
  spec: StudySpec;
  budget: Budget;
  priority: number;
  calls: number;
  /** Whether what was found is timed anew beside the default: faster by more than this, within so long. */
  verify?: PlannedVerification;
}>;

export type PlannedVerification = Readonly<{ by: number; forMs: number }>;

const VERIFY_FOR = '2m';

type Entry = Plan['studies'][number];

/** The most studies of a plan. */
const MOST_STUDIES = 10_000;
/** The most characters of all its studies together: each is stored with its kernel's and its target's content. */
const MOST_CHARACTERS = 32_000_000;

/** Different targets, and how many characters they are written with. */
type Targets = Readonly<{ each: readonly TargetReference[]; characters: number }>;
/** An entry's different shapes and targets: its studies are all pairs of them. */
type Matrix = Readonly<{ entry: Entry; shapes: readonly (string | undefined)[]; targets: Targets }>;

/**
 * The matrix of kernels, shapes and targets, in the plan's order; a shape or target that an entry names twice
 * counts once. `now` is in milliseconds since 1970. Throws InputError for a bad time of day or duration, and, before
 * any study is made, for more studies than a plan may have.
 */
export function plannedStudies(plan: Plan, now: number): readonly PlannedSpec[] {
  const matrices = matricesOf(plan);
  checkSize(matrices);
  const instantOf = instantsOf(plan, now);
  return matrices.flatMap((matrix) => studiesOf(plan, matrix, budgetOf(plan, matrix.entry, instantOf)));
}

function matricesOf(plan: Plan): readonly Matrix[] {
  const ofPlan = differentTargets(plan.targets ?? [DEFAULT_TARGET]);
  return plan.studies.map((entry) => ({
    entry,
    shapes: entry.shapes === undefined ? [undefined] : [...new Set(entry.shapes)],
    targets: entry.targets === undefined ? ofPlan : differentTargets(entry.targets),
  }));
}

function differentTargets(given: NonNullable<Plan['targets']>): Targets {
  const byText = new Map<string, TargetReference>();
  let characters = 0;
  for (const target of together(given.map(targetReference))) {
    const text = JSON.stringify(target);
    if (byText.has(text)) continue;
    byText.set(text, target);
    characters += text.length;
  }
  return { each: [...byText.values()], characters };
}

/** Devices of the fleet that are named in several ways are one target: a device that fits two names is measured on once. */
function together(targets: readonly TargetReference[]): readonly TargetReference[] {
  const patterns = targets.flatMap(patternOf);
  const first = targets.findIndex((target) => patternOf(target).length > 0);
  const device = [...new Set(patterns)].join(',');
  return targets.flatMap((target, place) => {
    if (patternOf(target).length === 0) return [target];
    return place === first ? [{ kind: 'device', device } as const] : [];
  });
}

/** Of devices of whichever kind; of those of one fingerprint none. */
function patternOf(target: TargetReference): readonly string[] {
  return target.kind === 'device' && target.fingerprint === undefined ? target.device.split(',') : [];
}

/** Throws InputError for a plan whose studies are too many, or too large together. */
function checkSize(matrices: readonly Matrix[]): void {
  let studies = 0;
  let characters = 0;
  for (const { entry, shapes, targets } of matrices) {
    const own = JSON.stringify({ ...entry, shapes: undefined, targets: undefined }).length;
    studies += shapes.length * targets.each.length;
    characters += shapes.length * (targets.each.length * own + targets.characters);
  }
  const hint = 'split the plan';
  if (studies > MOST_STUDIES)
    throw new InputError('studies', `asks for ${studies} studies`, `at most ${MOST_STUDIES}: ${hint}`);
  if (characters > MOST_CHARACTERS)
    throw new InputError(
      'studies',
      `have ${characters} characters, as each has its kernel and its target`,
      `at most ${MOST_CHARACTERS}: ${hint}`,
    );
}

const fields = studySpecSchema.unwrap();
const commonSchema = fields.omit({ shape: true, target: true });
const shapeSchema = fields.pick({ shape: true });
const targetSchema = fields.pick({ target: true });

function studiesOf(plan: Plan, { entry, shapes, targets }: Matrix, budget: Budget): readonly PlannedSpec[] {
  const common = commonOf(plan, entry);
  const shaped = shapes.map((shape) => checked(shapeSchema, shape === undefined ? {} : { shape }));
  const targeted = targets.each.map((target) => checked(targetSchema, { target }));
  const { priority = 0, calls = 1 } = entry;
  const verify = verificationOf(entry.verify ?? plan.verify ?? false);
  return shaped.flatMap((shape) =>
    targeted.map((target) => ({
      spec: { ...common, ...shape, ...target },
      budget,
      priority,
      calls,
      ...(verify && { verify }),
    })),
  );
}

/** Throws InputError for a bad duration. */
function verificationOf(asked: NonNullable<Plan['verify']>): PlannedVerification | undefined {
  if (asked === false) return undefined;
  const { by = 0, for: duration = VERIFY_FOR } = asked === true ? {} : asked;
  return { by, forMs: parseDuration('verify.for', duration) };
}

function commonOf(plan: Plan, entry: Entry): z.infer<typeof commonSchema> {
  const { dtype, objective, limits, forbid, start, timeout, wave = plan.wave } = entry;
  return checked(commonSchema, {
    kernel: kernelReference(entry.kernel),
    ...(dtype !== undefined && { dtype }),
    strategy: entry.strategy ?? plan.strategy,
    ...(objective !== undefined && { objective }),
    ...(limits !== undefined && { limits }),
    seed: plan.seed,
    values: heldBy(entry),
    forbid,
    start,
    ...(timeout !== undefined && { timeout }),
    ...(wave !== undefined && { wave }),
  });
}

function checked<S extends z.ZodType>(schema: S, given: unknown): z.infer<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InputError('studies', describeIssue(mainIssue(parsed.error.issues, given), given, schema));
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

function targetReference(target: NonNullable<Plan['targets']>[number]): TargetReference {
  if (typeof target === 'string') return { kind: 'named', name: target };
  if ('kind' in target) return target;
  if ('device' in target) return { kind: 'device', device: target.device };
  const hint = 'only the command line reads files; over HTTP, send the content';
  throw new InputError('targets', `'${target.file}' is a path`, hint);
}

/** Limits of the whole plan. Its `until` is not among them: it is part of every study's budget. */
export function totalOf(plan: Plan): Readonly<{ trials?: number; forMs?: number }> {
  const { trials, for: duration } = plan.total ?? {};
  return {
    ...(trials !== undefined && { trials }),
    ...(duration !== undefined && { forMs: parseDuration('total.for', duration) }),
  };
}

/** When each time of day comes next; entries often share one. */
function instantsOf({ timeZone }: Plan, now: number): (until: string) => number {
  const known = new Map<string, number>();
  return (until) => {
    const instant = known.get(until) ?? nextTimeOfDay(until, timeZone, now);
    known.set(until, instant);
    return instant;
  };
}

function budgetOf(plan: Plan, entry: Entry, instantOf: (until: string) => number): Budget {
  const own: PlanBudget = entry.budget ?? plan.budget ?? {};
  const instants = [own.until, plan.total?.until].flatMap((until) =>
    until === undefined ? [] : [instantOf(until)],
  );
  return {
    ...(own.trials !== undefined && { trials: own.trials }),
    ...(own.for !== undefined && { forMs: parseDuration('budget.for', own.for) }),
    ...(instants.length > 0 && { until: Math.min(...instants) }),
    ...(plan.done !== null && { stall: plan.done }),
  };
}
