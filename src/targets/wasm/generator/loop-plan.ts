import { accesses } from '../../../kernels/accesses.ts';
import type { Expression, IndexMap, Kernel, Stage } from '../../../kernels/ir.ts';
import { dimensionExtents, pointsOver, required } from '../../../kernels/lookup.ts';
import { stageExpressions, stageLoops, stageResults, walk } from '../../../kernels/walk.ts';
import { collapse } from './collapse.ts';

export type MapStage = Extract<Stage, { kind: 'map' }>;
export type ReductionStage = Extract<Stage, { kind: 'reduce' | 'contract' }>;
type StoreStage = Extract<Stage, { kind: 'store' }>;
/** What a loop nest does at each of its points: keep a value for later nests, reduce, or store. */
export type NestAction = MapStage | ReductionStage | StoreStage;

/** A loop nest inside a row: the dimensions of its results, those reduced over, and the vectorized one. */
export type RowNest = Readonly<{
  dims: readonly string[];
  over: readonly string[];
  vector: string;
  actions: readonly NestAction[];
}>;

/** The place of a value in a row's scratch memory. */
type KeptValue = Readonly<{ offset: number; at: IndexMap }>;

/** The loop structure of a kernel's code: rows, which threads share, and the nests of one row. */
export type LoopPlan = Readonly<{
  kernel: Kernel;
  extents: ReadonlyMap<string, number>;
  /** Dimensions of the rows, outermost first; empty where threads share the vectorized dimension. */
  rows: readonly string[];
  /** The vectorized dimension where it is outside of all nests: a row is then a block of it. */
  vector: string | undefined;
  nests: readonly RowNest[];
  maps: ReadonlyMap<string, MapStage>;
  kept: ReadonlyMap<string, KeptValue>;
  /** Bytes of scratch memory that one row needs. */
  keptBytes: number;
  /** Units of work that threads share: rows, or elements of the vectorized dimension. */
  work: number;
}>;

/** The loop plan of a kernel. */
export function loopPlanOf(given: Kernel): LoopPlan {
  const kernel = collapse(given);
  const extents = dimensionExtents(kernel);
  const outer = outerDimensions(kernel);
  const vector = outerVector(kernel, outer);
  const rows = outer.filter((name) => name !== vector);
  const maps = mapsOf(kernel.stages);
  const actions = actionsOf(kernel, outer, maps);
  const nests = groupActions(actions, outer, maps).map((group) => rowNestOf(kernel, group, outer, vector));
  const { kept, keptBytes } = layOut(actions, outer, vector, extents);
  const work = pointsOver(extents, rows.length === 0 && vector !== undefined ? [vector] : rows);
  return { kernel, extents, rows, vector, nests, maps, kept, keptBytes, work };
}

function mapsOf(stages: readonly Stage[]): ReadonlyMap<string, MapStage> {
  return new Map(stages.filter((stage) => stage.kind === 'map').map((stage) => [stage.name, stage]));
}

/** Dimensions that every stage except maps has and none reduces over: their points are independent. */
function outerDimensions(kernel: Kernel): readonly string[] {
  const working = kernel.stages.filter((stage) => stage.kind !== 'map');
  return kernel.dimensions
    .map(({ name }) => name)
    .filter((name) =>
      working.every((stage) => stage.dims.includes(name) && !('over' in stage && stage.over.includes(name))),
    );
}

/** The outer dimension along which fewer accesses jump than along any inner one; undefined where there is none. */
function outerVector(kernel: Kernel, outer: readonly string[]): string | undefined {
  const working = kernel.stages.filter((stage) => stage.kind !== 'map');
  const inside = working.some((stage) => stageLoops(stage).some((name) => !outer.includes(name)));
  const candidates = outer.toReversed().map((name) => ({ name, jumps: jumps(kernel, () => name) }));
  const best = candidates.toSorted((a, b) => a.jumps - b.jumps)[0];
  if (best === undefined || !inside) return best?.name;
  const innerJumps = jumps(kernel, (loops) => loops.findLast((name) => !outer.includes(name)));
  return best.jumps < innerJumps ? best.name : undefined;
}

/** Accesses whose neighbouring lanes are neither contiguous nor the same element; stores count twice. */
function jumps(kernel: Kernel, vectorOf: (loops: readonly string[]) => string | undefined): number {
  let count = 0;
  for (const { loops, at, direction } of accesses(kernel)) {
    const name = vectorOf(loops);
    const stride = name === undefined ? 0 : (at.strides[name] ?? 0);
    if (stride !== 0 && stride !== 1) count += direction === 'write' ? 2 : 1;
  }
  return count;
}

/** Reductions and stores in order, and each costly map that several of them need before its first use. */
function actionsOf(
  kernel: Kernel,
  outer: readonly string[],
  maps: ReadonlyMap<string, MapStage>,
): readonly NestAction[] {
  const working = kernel.stages.filter((stage) => stage.kind !== 'map');
  const needs = working.map((stage) => mapsUnder(stage, maps));
  const kept = new Set<string>();
  return working.flatMap((stage, place): NestAction[] => {
    const early = [...needs[place]].filter(
      (name) =>
        !kept.has(name) &&
        isCostly(required(maps, name)) &&
        required(maps, name).dims.some((dim) => !outer.includes(dim)) &&
        needs.filter((set) => set.has(name)).length > 1,
    );
    for (const name of early) kept.add(name);
    return [...early.map((name) => required(maps, name)), stage];
  });
}

/** The maps that a stage evaluates, directly or through others. */
function mapsUnder(stage: Stage, maps: ReadonlyMap<string, MapStage>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (expression: Expression): void =>
    walk(expression, (part) => {
      if (part.kind !== 'value' || found.has(part.name)) return;
      const map = maps.get(part.name);
      if (map === undefined) return;
      found.add(part.name);
      visit(map.value);
    });
  for (const expression of stageExpressions(stage)) visit(expression);
  return found;
}

const CHEAP: ReadonlySet<string> = new Set(['neg', 'abs', 'floor', 'ceil', 'round', 'not', 'isnan']);

/** Whether a map costs more to compute again than to keep: it has a function or a division. */
function isCostly(map: MapStage): boolean {
  let costly = false;
  walk(map.value, (part) => {
    if (part.kind === 'unary') costly ||= !CHEAP.has(part.op);
    if (part.kind === 'binary') costly ||= part.op === 'div' || part.op === 'pow';
  });
  return costly;
}

/** Neighbouring actions share a nest where they walk the same loops and none needs another's reduction. */
function groupActions(
  actions: readonly NestAction[],
  outer: readonly string[],
  maps: ReadonlyMap<string, MapStage>,
): readonly (readonly NestAction[])[] {
  const groups: NestAction[][] = [];
  for (const action of actions) {
    const group = groups.at(-1);
    if (group?.every((other) => canShare(other, action, outer, maps))) group.push(action);
    else groups.push([action]);
  }
  return groups;
}

function canShare(
  first: NestAction,
  second: NestAction,
  outer: readonly string[],
  maps: ReadonlyMap<string, MapStage>,
): boolean {
  const inner = (action: NestAction): string =>
    stageLoops(action)
      .filter((name) => !outer.includes(name))
      .toSorted()
      .join();
  const reducedOver = (action: NestAction): string => ('over' in action ? action.over.join() : '');
  if (inner(first) !== inner(second)) return false;
  if (reducedOver(first) !== reducedOver(second) && reducedOver(first) !== '' && reducedOver(second) !== '')
    return false;
  // An action without a reduction loops over the reduced dimensions as its own, which is not possible in
  // the nest of a reduction with inner dimensions.
  if (
    reducedOver(first) !== reducedOver(second) &&
    [first, second].some((action) => 'over' in action && innerDims(action, outer).length > 0)
  )
    return false;
  if (first.kind === 'map') return true;
  if (first.kind === 'store') return !reads(second, first.operand, maps);
  return !needsValue(second, first, maps);
}

function innerDims(action: NestAction, outer: readonly string[]): readonly string[] {
  return action.dims.filter((name) => !outer.includes(name));
}

function needsValue(
  action: NestAction,
  reduction: ReductionStage,
  maps: ReadonlyMap<string, MapStage>,
): boolean {
  const names = new Set(stageResults(reduction).map(({ name }) => name));
  return partsUnder(action, maps).some((part) => part.kind === 'value' && names.has(part.name));
}

function reads(action: NestAction, operand: string, maps: ReadonlyMap<string, MapStage>): boolean {
  return partsUnder(action, maps).some((part) => part.kind === 'load' && part.operand === operand);
}

function partsUnder(action: NestAction, maps: ReadonlyMap<string, MapStage>): readonly Expression[] {
  const parts: Expression[] = [];
  const under = [...mapsUnder(action, maps)].map((name) => required(maps, name).value);
  for (const expression of [...stageExpressions(action), ...under])
    walk(expression, (part) => parts.push(part));
  return parts;
}

function rowNestOf(
  kernel: Kernel,
  actions: readonly NestAction[],
  outer: readonly string[],
  vector: string | undefined,
): RowNest {
  const reduction = actions.find((action) => 'over' in action);
  const over = reduction === undefined ? [] : reduction.over;
  const inner = stageLoops(actions[0]).filter((name) => !outer.includes(name));
  const dims = inner.filter((name) => !over.includes(name));
  return { dims, over, actions, vector: vector ?? innerVector(kernel, actions, inner) };
}

/** The loop along which fewest accesses of these actions jump; the innermost of several such. */
function innerVector(kernel: Kernel, actions: readonly NestAction[], inner: readonly string[]): string {
  const known = mapsOf(kernel.stages);
  const used = new Set(actions.flatMap((action) => [...mapsUnder(action, known)]));
  const stages = [...[...used].map((name) => required(known, name)), ...actions];
  const part: Kernel = { ...kernel, stages };
  const costs = inner.toReversed().map((name) => ({ name, jumps: jumps(part, () => name) }));
  return costs.toSorted((a, b) => a.jumps - b.jumps)[0]?.name ?? '';
}

/** Lanes of the widest block: so many values of a vectorized row are kept beside each other. */
const MOST_LANES = 32;

/** A place in a row's scratch for each kept map and each reduction with inner dimensions, row-major. */
function layOut(
  actions: readonly NestAction[],
  outer: readonly string[],
  vector: string | undefined,
  extents: ReadonlyMap<string, number>,
): Readonly<{ kept: ReadonlyMap<string, KeptValue>; keptBytes: number }> {
  const kept = new Map<string, KeptValue>();
  let keptBytes = 0;
  for (const action of actions) {
    const dims = innerDims(action, outer);
    if (action.kind === 'store' || dims.length === 0) continue;
    for (const { name } of stageResults(action)) {
      const strides: Record<string, number> = vector === undefined ? {} : { [vector]: 1 };
      let elements = vector === undefined ? 1 : MOST_LANES;
      for (const dim of dims.toReversed()) {
        strides[dim] = elements;
        elements *= required(extents, dim);
      }
      kept.set(name, { offset: keptBytes, at: { offset: 0, strides } });
      keptBytes += Math.ceil((elements * 4) / 64) * 64;
    }
  }
  return { kept, keptBytes };
}
