import { basename, isAbsolute, resolve } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import type { Budget, ImportedKernel } from '../../store/records.ts';
import { strategies, strategyNamed } from '../../tuner/strategies/registry.ts';
import { parseDtype, type ResolvedKernel, resolveKernel } from '../ask/resolve-kernel.ts';
import type { StudyRequest } from '../ask/study-request.ts';
import { parseShape } from '../kernels/shape.ts';
import type { Target } from '../targets/_base.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { parseDuration } from '../text/duration.ts';
import type { Plan, PlanBudget } from './plan.ts';
import { nextTimeOfDay } from './until.ts';

/** A study that a plan asks for. */
export type Planned = Readonly<{
  request: StudyRequest;
  /** As `resolveTarget` takes it, from any folder. */
  targetReference: string;
  budget: Budget;
  priority: number;
  calls: number;
}>;

/** What a plan's words mean where it is read. */
export type PlanWorld = Readonly<{
  /** The text of a file of Triton IR that the plan names. Throws InputError where it may not be read. */
  ttir(path: string): string;
  /** A path that the plan names, from any folder. Throws InputError where it may not be read. */
  path(path: string): string;
  imports(): Promise<readonly ImportedKernel[]>;
  /** Milliseconds since 1970. */
  now: number;
}>;

type Entry = Plan['studies'][number];

/** The matrix of kernels, shapes and targets, in the plan's order. Throws InputError naming what is wrong. */
export async function expandPlan(plan: Plan, world: PlanWorld): Promise<readonly Planned[]> {
  const own = await world.imports();
  const targets = new Map<string, Target>();
  const planned: Planned[] = [];
  for (const entry of plan.studies) {
    const references = (entry.targets ?? plan.targets ?? [USUAL_TARGET]).map((name) => placed(name, world));
    for (const shape of entry.shapes ?? [undefined]) {
      const { kernel, source } = await kernelOf(entry, shape, own, world);
      for (const reference of references) {
        const target = targets.get(reference) ?? (await resolveTarget(reference));
        targets.set(reference, target);
        const strategy = entry.strategy ?? plan.strategy;
        planned.push({
          request: {
            kernel,
            kernelSource: source,
            target,
            strategy: strategy === undefined ? strategies[0] : strategyNamed(strategy),
            seed: plan.seed,
            values: entry.values ?? {},
            start: entry.start ?? [],
          },
          targetReference: reference,
          budget: budgetOf(plan, entry, world.now),
          priority: entry.priority ?? 0,
          calls: entry.calls ?? 1,
        });
      }
    }
  }
  return planned;
}

const USUAL_TARGET = 'hexagon-v75';

/** Limits of the whole plan: an instant reaches down into every study's budget, the others are watched. */
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
    stall: plan.done,
  };
}

async function kernelOf(
  { kernel: name, dtype }: Entry,
  shape: string | undefined,
  own: readonly ImportedKernel[],
  world: PlanWorld,
): Promise<ResolvedKernel> {
  if (!isPath(name)) return resolveKernel({ name, shape, dtype }, async () => own);
  const { importTtir } = await import('../importers/ttir/import-ttir.ts');
  const options = { file: name, name: basename(name, '.ttir') };
  const { kernel, notes } = importTtir(world.ttir(name), {
    ...options,
    ...(shape !== undefined && { shape: parseShape(shape) }),
  });
  if (dtype !== undefined && kernel.dtype !== parseDtype(dtype))
    throw new InputError('dtype', `${name} was compiled for ${kernel.dtype}`, `name its ${dtype} variant`);
  return { kernel, notes, source: world.path(name) };
}

function isPath(name: string): boolean {
  return name.endsWith('.ttir') || name.includes('/');
}

/** Names stay; paths become those that mean the same in any folder. */
function placed(reference: string, world: PlanWorld): string {
  return reference.endsWith('.json') || reference.includes('/') ? world.path(reference) : reference;
}

/** Paths beside the plan's file. */
export function besidePlan(folder: string): (path: string) => string {
  return (path) => (isAbsolute(path) ? path : resolve(folder, path));
}
