import { accesses } from '../../../kernels/accesses.ts';
import type { Expression, IndexMap, Kernel, Stage } from '../../../kernels/ir.ts';
import { stageExpressions, stageLoops, stageResults, walk } from '../../../kernels/walk.ts';
import { collapse } from './collapse.ts';

export type MapStage = Extract<Stage, { kind: 'map' }>;
export type Fold = Extract<Stage, { kind: 'reduce' | 'contract' }>;
export type StoreStage = Extract<Stage, { kind: 'store' }>;
/** What a loop nest does at its points: keeps a value for later nests, folds, or stores. */
export type Action = MapStage | Fold | StoreStage;

/** One loop nest inside a row: dimensions walked, those folded over, and the vectorized one. */
export type Nest = Readonly<{
  dims: readonly string[];
  over: readonly string[];
  vector: string;
  actions: readonly Action[];
}>;

/** A value kept in a row's scratch memory. */
export type Kept = Readonly<{ offset: number; at: IndexMap }>;

/** How a kernel is walked: rows that threads share out, and the nests of one row. */
export type Plan = Readonly<{
  kernel: Kernel;
  extents: ReadonlyMap<string, number>;
  /** Dimensions of the rows, outermost first; empty where the vectorized dimension is shared out. */
  rows: readonly string[];
  /** The vectorized dimension, where it is outside of all nests: a row is a block of it. */
  vector: string | undefined;
  nests: readonly Nest[];
  maps: ReadonlyMap<string, MapStage>;
  kept: ReadonlyMap<string, Kept>;
  /** Bytes of scratch memory that one row needs. */
  keptBytes: number;
  /** Things to share out: rows, or elements of the vectorized dimension. */
  work: number;
}>;

export function planOf(given: Kernel): Plan {
  const kernel = collapse(given);
  const extents = new Map(kernel.dimensions.map(({ name, extent }) => [name, extent]));
  const outer = outerDimensions(kernel);
  const vector = outerVector(kernel, outer);
  const rows = outer.filter((name) => name !== vector);
  const maps = mapsOf(kernel.stages);
  const actions = actionsOf(kernel, outer, maps);
  const nests = groupActions(actions, outer, maps).map((group) => nestOf(kernel, group, outer, vector));
  const { kept, keptBytes } = layOut(actions, outer, vector, extents);
  const size = (names: readonly string[]): number =>
    names.reduce((product, name) => product * extents.get(name)!, 1);
  const work = rows.length === 0 && vector !== undefined ? extents.get(vector)! : size(rows);
  return { kernel, extents, rows, vector, nests, maps, kept, keptBytes, work };
}

function mapsOf(stages: readonly Stage[]): ReadonlyMap<string, MapStage> {
  return new Map(stages.filter((stage) => stage.kind === 'map').map((stage) => [stage.name, stage]));
}

/** Dimensions that every stage but the maps walks and none folds over: their points are independent. */
function outerDimensions(kernel: Kernel): readonly string[] {
  const working = kernel.stages.filter((stage) => stage.kind !== 'map');
  return kernel.dimensions
    .map(({ name }) => name)
    .filter((name) =>
      working.every((stage) => stage.dims.includes(name) && !('over' in stage && stage.over.includes(name))),
    );
}

/** The outer dimension that makes fewer accesses jump than any inner one; none where inner ones do. */
function outerVector(kernel: Kernel, outer: readonly string[]): string | undefined {
  const working = kernel.stages.filter((stage) => stage.kind !== 'map');
  const inside = working.some((stage) => stageLoops(stage).some((name) => !outer.includes(name)));
  const candidates = outer.toReversed().map((name) => ({ name, jumps: jumps(kernel, () => name) }));
  const best = candidates.toSorted((a, b) => a.jumps - b.jumps)[0];
  if (best === undefined || !inside) return best?.name;
  const innerJumps = jumps(kernel, (loops) => loops.findLast((name) => !outer.includes(name)));
  return best.jumps < innerJumps ? best.name : undefined;
}

/** Accesses whose neighbouring lanes are neither neighbours in memory nor the same element; stores count double. */
function jumps(kernel: Kernel, vectorOf: (loops: readonly string[]) => string | undefined): number {
  let count = 0;
  for (const { loops, at, direction } of accesses(kernel)) {
    const name = vectorOf(loops);
    const stride = name === undefined ? 0 : (at.strides[name] ?? 0);
    if (stride !== 0 && stride !== 1) count += direction === 'write' ? 2 : 1;
  }
  return count;
}

/** Folds and stores in order, and before its first use each costly map that several of them need. */
function actionsOf(
  kernel: Kernel,
  outer: readonly string[],
  maps: ReadonlyMap<string, MapStage>,
): readonly Action[] {
  const working = kernel.stages.filter((stage) => stage.kind !== 'map');
  const needs = working.map((stage) => mapsUnder(stage, maps));
  const kept = new Set<string>();
  return working.flatMap((stage, place): Action[] => {
    const early = [...needs[place]].filter(
      (name) =>
        !kept.has(name) &&
        isCostly(maps.get(name)!) &&
        maps.get(name)!.dims.some((dim) => !outer.includes(dim)) &&
        needs.filter((set) => set.has(name)).length > 1,
    );
    for (const name of early) kept.add(name);
    return [...early.map((name) => maps.get(name)!), stage];
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

/** Whether computing it again costs more than keeping it: it takes a function or a division. */
function isCostly(map: MapStage): boolean {
  let costly = false;
  walk(map.value, (part) => {
    if (part.kind === 'unary') costly ||= !CHEAP.has(part.op);
    if (part.kind === 'binary') costly ||= part.op === 'div' || part.op === 'pow';
  });
  return costly;
}

/** Neighbouring actions share a nest where they walk the same loops and none needs another's fold. */
function groupActions(
  actions: readonly Action[],
  outer: readonly string[],
  maps: ReadonlyMap<string, MapStage>,
): readonly (readonly Action[])[] {
  const groups: Action[][] = [];
  for (const action of actions) {
    const group = groups.at(-1);
    if (group?.every((other) => canShare(other, action, outer, maps))) group.push(action);
    else groups.push([action]);
  }
  return groups;
}

function canShare(
  first: Action,
  second: Action,
  outer: readonly string[],
  maps: ReadonlyMap<string, MapStage>,
): boolean {
  const inner = (action: Action): string =>
    stageLoops(action)
      .filter((name) => !outer.includes(name))
      .toSorted()
      .join();
  const folded = (action: Action): string => ('over' in action ? action.over.join() : '');
  if (inner(first) !== inner(second)) return false;
  if (folded(first) !== folded(second) && folded(first) !== '' && folded(second) !== '') return false;
  // A store or a kept map beside a fold walks the fold's dimensions as its own.
  if (
    folded(first) !== folded(second) &&
    [first, second].some((action) => 'over' in action && innerDims(action, outer).length > 0)
  )
    return false;
  if (first.kind === 'map') return true;
  if (first.kind === 'store') return !reads(second, first.operand, maps);
  return !needsValue(second, first, maps);
}

function innerDims(action: Action, outer: readonly string[]): readonly string[] {
  return action.dims.filter((name) => !outer.includes(name));
}

function needsValue(action: Action, fold: Fold, maps: ReadonlyMap<string, MapStage>): boolean {
  const names = new Set(stageResults(fold).map(({ name }) => name));
  return partsUnder(action, maps).some((part) => part.kind === 'value' && names.has(part.name));
}

function reads(action: Action, operand: string, maps: ReadonlyMap<string, MapStage>): boolean {
  return partsUnder(action, maps).some((part) => part.kind === 'load' && part.operand === operand);
}

function partsUnder(action: Action, maps: ReadonlyMap<string, MapStage>): readonly Expression[] {
  const parts: Expression[] = [];
  const under = [...mapsUnder(action, maps)].map((name) => maps.get(name)!.value);
  for (const expression of [...stageExpressions(action), ...under])
    walk(expression, (part) => parts.push(part));
  return parts;
}

function nestOf(
  kernel: Kernel,
  actions: readonly Action[],
  outer: readonly string[],
  vector: string | undefined,
): Nest {
  const fold = actions.find((action) => 'over' in action);
  const over = fold === undefined ? [] : fold.over;
  const inner = stageLoops(actions[0]).filter((name) => !outer.includes(name));
  const dims = inner.filter((name) => !over.includes(name));
  return { dims, over, actions, vector: vector ?? innerVector(kernel, actions, inner) };
}

/** The innermost of the loops that make fewest of these actions' accesses jump. */
function innerVector(kernel: Kernel, actions: readonly Action[], inner: readonly string[]): string {
  const known = mapsOf(kernel.stages);
  const used = new Set(actions.flatMap((action) => [...mapsUnder(action, known)]));
  const stages = [...[...used].map((name) => known.get(name)!), ...actions];
  const part: Kernel = { ...kernel, stages };
  const costs = inner.toReversed().map((name) => ({ name, jumps: jumps(part, () => name) }));
  return costs.toSorted((a, b) => a.jumps - b.jumps)[0]?.name ?? '';
}

/** Lanes of the widest block; a kept value of a vectorized row has as many beside each other. */
export const MOST_LANES = 32;

/** A place in a row's scratch for each kept map and each fold with inner dimensions, row-major. */
function layOut(
  actions: readonly Action[],
  outer: readonly string[],
  vector: string | undefined,
  extents: ReadonlyMap<string, number>,
): Readonly<{ kept: ReadonlyMap<string, Kept>; keptBytes: number }> {
  const kept = new Map<string, Kept>();
  let keptBytes = 0;
  for (const action of actions) {
    const dims = innerDims(action, outer);
    if (action.kind === 'store' || dims.length === 0) continue;
    for (const { name } of stageResults(action)) {
      const strides: Record<string, number> = vector === undefined ? {} : { [vector]: 1 };
      let elements = vector === undefined ? 1 : MOST_LANES;
      for (const dim of dims.toReversed()) {
        strides[dim] = elements;
        elements *= extents.get(dim)!;
      }
      kept.set(name, { offset: keptBytes, at: { offset: 0, strides } });
      keptBytes += Math.ceil((elements * 4) / 64) * 64;
    }
  }
  return { kept, keptBytes };
}
