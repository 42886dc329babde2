import { BYTES, type Kernel } from '../kernels/ir.ts';
import { lower } from './lower.ts';
import type { Contraction, Extents, LoweredKernel, StretchedOperand } from './lowered-kernel.ts';
import { type PanelPlan, planPanels } from './panels.ts';
import type { LoweringPolicy } from './policy.ts';
import { inStretches, stretchElements, tileElements, tileExtents, tileFootprint } from './tiles.ts';

/** What a configuration says about a kernel's loops, in the words that all targets share. */
export type Schedule = Readonly<{
  /** Bytes of a vector; 0 is scalar code. */
  vectorBytes: number;
  /** Copies of a body that are interleaved. */
  unroll: number;
  threads: number;
  /** How work is divided among the threads. */
  split: string;
  staging: 'direct' | 'copy' | 'dma';
  buffers: number;
  /** Whether results are staged, too. */
  stagesResults: boolean;
  /** Iterations in a tile, by the parameter of each tiled loop; rows of a register tile and panels packed at a time. */
  sizes: Readonly<Record<string, number>>;
}>;

/** A staged operand and its place in scratch memory: buffer b is at `offset` + b · `bytes`. */
export type Slot = Readonly<{
  operand: string;
  /** Elements of a whole tile. */
  elements: number;
  bytes: number;
  offset: number;
  reads: boolean;
  writes: boolean;
  /** Where tiles are stretches of memory: which ones. */
  stretch?: StretchedOperand;
}>;

/** A kernel's loops in a configuration. */
export type ScheduledKernel = Readonly<{
  schedule: Schedule;
  /** As the code in a tile sees it. */
  lowered: LoweredKernel;
  /** Iterations of each loop in a tile; all of them where nothing is staged. */
  tile: Extents;
  slots: readonly Slot[];
  /** How a matrix product is tiled, where the policy packs panels. */
  panels: PanelPlan | undefined;
  /** Bytes of scratch memory for temporaries, slots and panels: a thread's, or the team's where threads share each tile. */
  scratchBytes: number;
}>;

/** Slots that a thread copies begin on a cache line of their own. */
const SLOT_BYTES = 64;

/** The loops of a kernel with the tiles, staging and threads of a schedule. */
export function schedule(kernel: Kernel, policy: LoweringPolicy, how: Schedule): ScheduledKernel {
  const whole = lower(kernel, policy);
  if (whole.contraction !== undefined) return inPanels(whole, whole.contraction, how);
  if (how.staging === 'direct') {
    const { extents: tile, scratchBytes } = whole;
    return { schedule: how, lowered: whole, tile, slots: [], panels: undefined, scratchBytes };
  }
  return policy.tiles === 'boxes' ? inBoxes(whole, how) : inStretchesOf(whole, policy, how);
}

function inPanels(lowered: LoweredKernel, contraction: Contraction, how: Schedule): ScheduledKernel {
  const { sizes, unroll: registers, vectorBytes } = how;
  const lanes = vectorBytes === 0 ? 1 : vectorBytes / BYTES.f32;
  const panels = planPanels(lowered, contraction, {
    rows: sizes.tileRows,
    registers,
    lanes,
    together: sizes.panels,
  });
  const scratchBytes = lowered.scratchBytes + panels.bytes;
  return { schedule: how, lowered, tile: lowered.extents, slots: [], panels, scratchBytes };
}

function inBoxes(lowered: LoweredKernel, how: Schedule): ScheduledKernel {
  const tile = tileExtents(lowered, how.sizes);
  const parts = lowered.operands.map((operand) => {
    const elements = tileElements(operand, tile);
    const [reads, writes] = [operand.role !== 'output', operand.role !== 'input'];
    return { operand: operand.name, elements, bytes: elements * operand.elementBytes, reads, writes };
  });
  const kept = tileFootprint(lowered, tile).kept;
  return { schedule: how, lowered, tile, ...placed(parts, kept, how.buffers, 1) };
}

/** In tiles, the kernel has other indices, so it is lowered again. */
function inStretchesOf(whole: LoweredKernel, policy: LoweringPolicy, how: Schedule): ScheduledKernel {
  const stretches = whole.stretches.filter(({ writes }) => how.stagesResults || !writes);
  const size = how.sizes.tile;
  const lowered = lower(inStretches(whole.kernel, stretches, size), policy);
  const parts = stretches.map((stretch) => {
    const elements = stretchElements(stretch, size);
    const { operand, reads, writes } = stretch;
    const bytes = Math.ceil((elements * BYTES[operand.dtype]) / SLOT_BYTES) * SLOT_BYTES;
    return { operand: operand.name, elements, bytes, reads, writes, stretch };
  });
  const tile = tileExtents(lowered, how.sizes);
  return { schedule: how, lowered, tile, ...placed(parts, lowered.scratchBytes, how.buffers, SLOT_BYTES) };
}

function placed(
  parts: readonly Omit<Slot, 'offset'>[],
  first: number,
  buffers: number,
  align: number,
): Pick<ScheduledKernel, 'slots' | 'panels' | 'scratchBytes'> {
  const slots: Slot[] = [];
  let scratchBytes = first;
  for (const part of parts) {
    const offset = Math.ceil(scratchBytes / align) * align;
    slots.push({ ...part, offset });
    scratchBytes = offset + part.bytes * buffers;
  }
  return { slots, panels: undefined, scratchBytes };
}
