import { BYTES, type Expression, type Stage } from '../kernels/ir.ts';
import { operandNamed } from '../kernels/lookup.ts';
import { printStage } from '../kernels/print-stage.ts';
import { type LoopRole, loopRoles } from './loop-roles.ts';
import { type LoopNest, type Temporary, workLoops } from './lowered-kernel.ts';
import { mapsUnder } from './maps.ts';
import type { PanelPlan } from './panels.ts';
import type { ScheduledKernel, Slot } from './schedule.ts';

/** One loop: `extent` iterations, `step` of them at a time. */
type DescribedLoop = Readonly<{ name: string; extent: number; step: number; roles: readonly LoopRole[] }>;

/** A line of the listing, `depth` loops inside: a loop around what is deeper, or what is computed there. */
export type NestLine =
  | (DescribedLoop & Readonly<{ kind: 'loop'; depth: number }>)
  | Readonly<{ kind: 'statement'; depth: number; text: string }>;

/** A kernel's loops in a configuration, described for people, as data. */
export type NestsDescription = Readonly<{
  /** How many threads, what they share, and how it is divided. */
  threads: Readonly<{ count: number; share: readonly string[]; split: string }>;
  staging: Readonly<{
    how: string;
    buffers: number;
    operands: readonly (Omit<Slot, 'stretch'> & Readonly<{ dtype: string }>)[];
  }>;
  temporaries: readonly Readonly<{
    name: string;
    dtype: string;
    dims: readonly string[];
    place: Temporary['place']['kind'];
    /** Null for registers; offset also for memory. */
    bytes: number | null;
    offset: number | null;
  }>[];
  scratchBytes: number;
  /** Sets of tiles and temporaries: one for each thread, or one that all share. */
  scratchCopies: number;
  lines: readonly NestLine[];
}>;

export function describeNests(scheduled: ScheduledKernel): NestsDescription {
  const { schedule, lowered, slots, panels, scratchBytes } = scheduled;
  const { threads, split, staging, buffers } = schedule;
  const kept = describeTemporaries(scheduled);
  const product = panels?.contraction;
  const share = product === undefined ? workLoops(lowered) : [...product.batch, product.column];
  return {
    threads: { count: threads, share: threads === 1 ? [] : share, split },
    staging: {
      how: staging,
      buffers,
      operands: slots.map(({ stretch: _, ...slot }) => ({
        ...slot,
        dtype: operandNamed(lowered.kernel, slot.operand).dtype,
      })),
    },
    temporaries: panels === undefined ? kept : [...kept, packedPanels(scheduled, panels)],
    scratchBytes,
    scratchCopies: split === 'chunks' ? 1 : threads,
    lines: panels === undefined ? nestLines(scheduled) : panelLines(scheduled, panels),
  };
}

function packedPanels(
  { lowered }: ScheduledKernel,
  panels: PanelPlan,
): NestsDescription['temporaries'][number] {
  const { product, column } = panels.contraction;
  const dims = [...product.over, column];
  const { bytes } = panels;
  return { name: PACKED, dtype: product.dtype, dims, place: 'scratch', bytes, offset: lowered.scratchBytes };
}

/**
 * A value that is a register in one iteration of the shared loops is as many as the listing has iterations
 * between where it is computed and where it is used. In staged code, arrays begin the scratch memory.
 */
function describeTemporaries(scheduled: ScheduledKernel): NestsDescription['temporaries'] {
  const { lowered, tile, slots } = scheduled;
  const apart = lowered.shared.slice(sharedAlike(scheduled)).filter((loop) => tile[loop] > 1);
  let offset = 0;
  return lowered.temporaries.map(({ name, dtype, dims: own, place }: Temporary) => {
    if (place.kind === 'scratch')
      return { name, dtype, dims: own, place: 'scratch', bytes: place.bytes, offset: place.offset };
    const dims = place.kind === 'register' ? apart : own;
    const bytes = dims.reduce((product, dim) => product * tile[dim], BYTES[dtype]);
    const isArray = place.kind === 'memory' || (apart.length > 0 && isReductionTiled(scheduled));
    if (!isArray) return { name, dtype, dims, place: 'register', bytes: null, offset: null };
    if (slots.length === 0 || place.kind === 'register')
      return { name, dtype, dims, place: 'memory', bytes, offset: null };
    const described = { name, dtype, dims, place: 'scratch', bytes, offset } as const;
    offset += bytes;
    return described;
  });
}

/** Whether tiles cut the reduction, so that results are complete after the last tile. */
function isReductionTiled({ lowered: { streamed, extents }, tile }: ScheduledKernel): boolean {
  return streamed !== undefined && tile[streamed] < extents[streamed];
}

/** How many of the shared loops, from the outermost, the listing has around all nests. */
function sharedAlike(scheduled: ScheduledKernel): number {
  const { lowered } = scheduled;
  if (isReductionTiled(scheduled)) return 0;
  const own = lowered.nests.map((nest) => nest.loops.map((loop) => describeLoop(scheduled, nest, loop)));
  const isAlike = (place: number) =>
    own.every((loops) => JSON.stringify(loops[place]) === JSON.stringify(own[0][place]));
  const differing = lowered.shared.findIndex((_, place) => !isAlike(place));
  return differing === -1 ? lowered.shared.length : differing;
}

/** Lines inside loops, without those of a single iteration. */
function inside(
  all: readonly DescribedLoop[],
  depth: number,
  body: (depth: number) => readonly NestLine[],
): readonly NestLine[] {
  const loops = all.filter(({ extent }) => extent > 1);
  const around = loops.map((loop, n) => ({ kind: 'loop', depth: depth + n, ...loop }) as const);
  return [...around, ...body(depth + loops.length)];
}

function statements(texts: readonly string[], depth: number): readonly NestLine[] {
  return texts.map((text) => ({ kind: 'statement', depth, text }));
}

/**
 * The loops over tiles, then the shared loops, as far as they have the same roles in all nests, then the nests.
 * A tiled reduction is around its own nest only.
 */
function nestLines(scheduled: ScheduledKernel): readonly NestLine[] {
  const { lowered, tile } = scheduled;
  const tiles = lowered.kernel.dimensions
    .filter(({ name, extent }) => tile[name] < extent)
    .map(({ name, extent }) => ({ name, extent, step: tile[name], roles: tileRoles(scheduled, name) }));
  const own = lowered.nests.map((nest) => nest.loops.map((loop) => describeLoop(scheduled, nest, loop)));
  const common = sharedAlike(scheduled);
  const around = tiles.filter(({ name }) => name !== lowered.streamed);
  const steps = tiles.filter(({ name }) => name === lowered.streamed);
  return inside([...around, ...(own[0] ?? []).slice(0, common)], 0, (depth) =>
    lowered.nests.flatMap((nest, n) => {
      const reduced = steps.filter(({ name }) => nest.loops.includes(name));
      const loops = [...reduced, ...own[n].slice(common)];
      return inside(loops, depth, (at) => statements(statementsOf(scheduled, nest.stages), at));
    }),
  );
}

function tileRoles({ lowered }: ScheduledKernel, name: string): readonly LoopRole[] {
  return lowered.shared.includes(name) ? ['shared', 'tile'] : ['reduce', 'tile'];
}

function describeLoop(
  { lowered, schedule, tile }: ScheduledKernel,
  nest: LoopNest,
  name: string,
): DescribedLoop {
  const lanes =
    schedule.vectorBytes === 0 ? 1 : Math.max(1, Math.floor(schedule.vectorBytes / nest.laneBytes));
  const across = name === nest.vector ? lanes : 1;
  const copies = name === nest.unroll ? schedule.unroll : 1;
  return {
    name,
    extent: tile[name],
    step: Math.min(across * copies, tile[name]),
    roles: loopRoles(lowered, nest, name, schedule),
  };
}

/** What stages compute: first the maps that are computed again where they are used. */
function statementsOf({ lowered }: ScheduledKernel, stages: readonly Stage[]): readonly string[] {
  const used = new Set(stages.flatMap((stage) => [...mapsUnder(stage, lowered.recomputed)]));
  const again = lowered.kernel.stages.filter((stage) => stage.kind === 'map' && used.has(stage.name));
  return [...again, ...stages].flatMap(printStage);
}

const PACKED = 'packed';

/** A contraction: panels are packed, then walked in register tiles. */
function panelLines(scheduled: ScheduledKernel, panels: PanelPlan): readonly NestLine[] {
  const { product, batch, row, column, left, right } = panels.contraction;
  const [depth] = product.over;
  const { around, panel, lanes, loop } = panelLoops(scheduled, panels);
  const packing: Stage = { kind: 'map', name: PACKED, dims: [depth, column], value: right };
  const packed: Expression = { kind: 'value', name: PACKED, dtype: product.dtype };
  const stores = scheduled.lowered.kernel.stages.filter((stage) => stage.kind === 'store');
  const computing = (stages: readonly Stage[]) => (at: number) =>
    statements(statementsOf(scheduled, stages), at);
  return inside([...batch.map((dim) => loop(dim, 1, 'shared')), around], 0, (at) => [
    ...inside([...panel, loop(depth, 1), lanes], at, computing([packing])),
    ...inside([loop(row, panels.whole.rows, 'tile', 'unroll'), ...panel], at, (within) => [
      ...inside([loop(depth, 1, 'reduce'), lanes], within, computing([{ ...product, left, right: packed }])),
      ...inside([lanes], within, computing(stores)),
    ]),
  ]);
}

/** The loops along the columns: over panels that are packed together, over each of these, and over its columns. */
function panelLoops({ lowered, schedule }: ScheduledKernel, { contraction, whole, together }: PanelPlan) {
  const { column } = contraction;
  const { columns } = whole;
  const loop = (name: string, step: number, ...roles: readonly LoopRole[]): DescribedLoop => ({
    name,
    extent: lowered.extents[name],
    step,
    roles,
  });
  const within = (most: number, step: number, ...roles: readonly LoopRole[]): DescribedLoop => ({
    ...loop(column, step, ...roles),
    extent: Math.min(most, lowered.extents[column]),
  });
  const wide: readonly LoopRole[] = schedule.vectorBytes === 0 ? ['unroll'] : ['vector', 'unroll'];
  return {
    loop,
    around: loop(column, columns * together, 'shared', 'tile'),
    panel: together === 1 ? [] : [within(columns * together, columns, 'tile')],
    lanes: within(columns, columns, ...wide),
  };
}
