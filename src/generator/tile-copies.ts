import { BYTES } from '../kernels/ir.ts';
import type { StretchedOperand } from '../lowering/lowered-kernel.ts';
import type { ScheduledKernel } from '../lowering/schedule.ts';
import { stretchElements, stretchStrides } from '../lowering/tiles.ts';

/** Bytes at `least` + n · `each`. */
type Steps = Readonly<{ least: number; each: number }>;

/**
 * How an operand's part in a tile, which does the units of work from `begin` to before `end`, is copied to
 * scratch memory and back. All is in bytes.
 */
export type TileCopy = Readonly<{
  operand: StretchedOperand['operand'];
  /** Its place among the kernel's operands. */
  place: number;
  /** Where the part is in scratch memory: by the number of the buffer. */
  buffer: Steps;
  /** Where the part starts in the operand: by `begin`. */
  start: Steps;
  /** How far from the operand's start the tile's code takes the part to be: by `begin`. */
  seen: Steps;
  /** Of a stretch: by the units of work but one. */
  length: Steps;
  /** A stretch is copied at each point of these loops; how far apart they are in the operand and in scratch memory. */
  loops: readonly Readonly<{ extent: number; apart: number; pitch: number }>[];
  /** Copied before computing; copied back after it. */
  reads: boolean;
  writes: boolean;
}>;

/** The copies of a staged kernel; none where it is computed in place. */
export function tileCopies({ schedule, slots }: ScheduledKernel): readonly TileCopy[] {
  return slots.flatMap(({ stretch, offset, bytes }) =>
    stretch === undefined
      ? []
      : [{ ...copyOf(stretch, schedule.sizes.tile), buffer: { least: offset, each: bytes } }],
  );
}

function copyOf(stretch: StretchedOperand, tile: number): Omit<TileCopy, 'buffer'> {
  const { operand, place, least, stride, span, loops, reads, writes } = stretch;
  const bytes = BYTES[operand.dtype];
  const pitches = stretchStrides(stretch, tile);
  const start = { least: least * bytes, each: stride * bytes };
  return {
    operand,
    place,
    start,
    // In tiles of several stretches the code counts from the first one.
    seen: loops.length === 0 ? start : { ...start, least: 0 },
    length: { least: span * bytes, each: stride * bytes },
    loops: loops.map((loop) => ({
      extent: loop.extent,
      apart: loop.stride * bytes,
      pitch: pitches[loop.dim] * bytes,
    })),
    reads,
    writes,
  };
}

/**
 * Tiles of about so many elements of the operand that has the most of them, in units of work, where they fit so many
 * bytes of scratch memory; and the bytes of a unit in all operands.
 */
export function tileChoices(
  stretches: readonly StretchedOperand[],
  work: number,
  { elements, room }: Readonly<{ elements: readonly number[]; room: number }>,
): Readonly<{ tiles: readonly number[]; bytesEach: number }> {
  if (stretches.length === 0) return { tiles: [], bytesEach: 0 };
  const each = stretches.map((one) => stretchElements(one, 2) - stretchElements(one, 1));
  const bytesEach = stretches.reduce((sum, { operand }, n) => sum + each[n] * BYTES[operand.dtype], 0);
  const sizes = elements.map((most) => Math.max(1, Math.floor(most / Math.max(...each))));
  const fitting = sizes.filter((tile) => tile <= work && tile * bytesEach <= room);
  return { tiles: [...new Set(fitting)], bytesEach };
}
