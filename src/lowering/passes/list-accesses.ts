import { distinctElements } from '../../kernels/distinct.ts';
import { BYTES, type Expression, type IndexMap, type Stage } from '../../kernels/ir.ts';
import { operandNamed, required } from '../../kernels/lookup.ts';
import { stageExpressions, stageResults, walk } from '../../kernels/walk.ts';
import type { Extents, LoopNest, LoweredKernel, NestAccess } from '../lowered-kernel.ts';

/** A load or store at one offset. */
type Touch = Pick<NestAccess, 'array' | 'role' | 'elementBytes'> & Readonly<{ at: IndexMap }>;
/** Touches that differ in nothing but their offsets. */
type Alike = Omit<NestAccess, 'again' | 'overlaps'>;

/**
 * Accesses that share less than this part of their elements are apart: each has bytes of its own, like the two
 * halves of a row.
 */
const MOSTLY = 0.5;

/** Lists the arrays that each nest loads and stores: every way of addressing one, once. */
export function listAccesses(lowered: LoweredKernel): LoweredKernel {
  const touched = new Map<string, readonly IndexMap[]>();
  const nests = lowered.nests.map((nest) => {
    const own = accessesOf(touchesOf(lowered, nest), lowered.extents);
    const accesses = own.map((access) => {
      const before = touched.get(access.array) ?? [];
      return {
        ...access,
        overlaps: distinct(mapsOf(access), lowered.extents) < pointsOf(access, lowered.extents),
        again: isMostlyIn(mapsOf(access), before, lowered.extents),
      };
    });
    for (const access of own)
      touched.set(access.array, [...(touched.get(access.array) ?? []), ...mapsOf(access)]);
    return { ...nest, accesses };
  });
  return { ...lowered, nests };
}

function mapsOf({ strides, offsets }: Alike): readonly IndexMap[] {
  return offsets.map((offset) => ({ strides, offset }));
}

/** How often an access is made, counting loops that do not move it once. */
function pointsOf({ strides, offsets }: Alike, extents: Extents): number {
  const moving = Object.keys(strides).filter((loop) => strides[loop] !== 0);
  return moving.reduce((points, loop) => points * extents[loop], offsets.length);
}

/** Merges touches that differ only in their offset and are mostly of the same elements. */
function accessesOf(touches: readonly Touch[], extents: Extents): readonly Alike[] {
  const found: Alike[] = [];
  for (const { at, ...touch } of touches) {
    const { strides, offset } = at;
    const same = found.findIndex(
      (other) =>
        other.array === touch.array &&
        other.role === touch.role &&
        JSON.stringify(other.strides) === JSON.stringify(strides) &&
        (other.offsets.includes(offset) || isMostlyIn([at], mapsOf(other), extents)),
    );
    if (same === -1) found.push({ ...touch, strides, offsets: [offset] });
    else {
      const offsets = [...new Set([...found[same].offsets, offset])];
      found[same] = { ...found[same], offsets };
    }
  }
  return found;
}

/** Whether most of the elements at `maps` are also at `others`. */
function isMostlyIn(maps: readonly IndexMap[], others: readonly IndexMap[], extents: Extents): boolean {
  if (others.length === 0) return false;
  const own = distinct(maps, extents);
  return distinct([...others, ...maps], extents) - distinct(others, extents) < (1 - MOSTLY) * own;
}

function distinct(maps: readonly IndexMap[], extents: Extents): number {
  // Counts do not depend on where the first element is, but must not be cut off at the operand's ends.
  const least = Math.min(...maps.map(({ offset }) => offset));
  const touches = maps.map(({ strides, offset }) => ({ at: { strides, offset: offset - least } }));
  return distinctElements(touches, new Map(Object.entries(extents)), Number.POSITIVE_INFINITY);
}

function touchesOf(lowered: LoweredKernel, { stages }: LoopNest): readonly Touch[] {
  const found = stages.flatMap((stage) => operandTouches(lowered, stage));
  const made = new Set(stages.flatMap((stage) => stageResults(stage).map(({ name }) => name)));
  const read = new Set(
    stages.flatMap((stage) =>
      partsOf(lowered, stage).flatMap((part) => (part.kind === 'value' ? [part.name] : [])),
    ),
  );
  for (const { name, at, dtype, place } of lowered.temporaries) {
    if (place.kind === 'register' || !(read.has(name) || made.has(name))) continue;
    found.push({ array: name, role: made.has(name) ? 'store' : 'load', elementBytes: BYTES[dtype], at });
  }
  return found;
}

function operandTouches(lowered: LoweredKernel, stage: Stage): readonly Touch[] {
  const bytesOf = (name: string) => BYTES[operandNamed(lowered.kernel, name).dtype];
  const loads = partsOf(lowered, stage).flatMap((part): Touch[] =>
    part.kind === 'load'
      ? [{ array: part.operand, role: 'load', elementBytes: bytesOf(part.operand), at: part.at }]
      : [],
  );
  if (stage.kind !== 'store') return loads;
  const { operand, at } = stage;
  return [...loads, { array: operand, role: 'store', elementBytes: bytesOf(operand), at }];
}

/** What a nest evaluates for a stage: its expressions, and those of the maps that are computed again. */
function partsOf({ recomputed }: LoweredKernel, stage: Stage): readonly Expression[] {
  const parts: Expression[] = [];
  const seen = new Set<string>();
  const visit = (expression: Expression): void =>
    walk(expression, (part) => {
      parts.push(part);
      if (part.kind !== 'value' || seen.has(part.name) || !recomputed.has(part.name)) return;
      seen.add(part.name);
      visit(required(recomputed, part.name).value);
    });
  for (const expression of stageExpressions(stage)) visit(expression);
  return parts;
}
