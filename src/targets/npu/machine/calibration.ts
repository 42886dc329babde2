import { z } from 'zod';
import type { FieldValue } from './fields.ts';
import type { SimulatedTarget } from './schema.ts';

/**
 * How a target's fitted figures were found. A parameter set gives every fitted figure a value. The first set is the
 * nominal one; the others are those found that fit the observations nearly as well, and they give every other figure
 * whose range the target's file states a value, too.
 */
export const calibrationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  target: z.string(),
  /** Fitted figures: dotted paths into the target file, each with its physically possible range. */
  free: z.array(
    z.strictObject({
      path: z.string(),
      low: z.number().positive(),
      high: z.number().positive(),
      meaning: z.string(),
      /** The value that a fit starts from and is drawn to; 'of' makes it a multiple of another figure. */
      prior: z.strictObject({ value: z.number().positive(), of: z.string().optional(), why: z.string() }),
      /** Ids of the observations that determine it most. */
      fixedBy: z.array(z.string()).min(1),
    }),
  ),
  /** How many published figures were fitted. */
  figures: z.int().positive(),
  /** A set is accepted while its root mean square log error exceeds the best set's by at most this. */
  tolerance: z.number().positive(),
  error: z.number().nonnegative(),
  sets: z.array(z.record(z.string(), z.number().nonnegative())).min(1),
});

export type Calibration = Readonly<z.output<typeof calibrationSchema>>;

/** A fitted value so near to a bound, as a share of it, ends there. */
const AT_BOUND = 0.005;

/** The bound at which a fit ends; undefined where it ends between its bounds. */
export function boundOf(
  { low, high }: Readonly<{ low: number; high: number }>,
  value: number,
): number | undefined {
  return [low, high].find((bound) => Math.abs(value / bound - 1) <= AT_BOUND);
}

/**
 * The target with some figures replaced; what is not on a path to them is shared with the original.
 * Throws RangeError for a path that it does not have.
 */
export function withFigures(
  target: SimulatedTarget,
  figures: Readonly<Record<string, FieldValue>>,
): SimulatedTarget {
  const copy = { ...target };
  const copied = new Set<object>([copy]);
  for (const [path, value] of Object.entries(figures)) {
    fieldAt(target, path);
    const keys = path.split('.');
    let place: Record<string, unknown> = copy;
    for (const key of keys.slice(0, -1)) place = ownCopy(place, key, copied);
    place[keys[keys.length - 1]] = value;
  }
  return copy;
}

/** The number at a dotted path of a target. Throws RangeError where there is none. */
export function figureAt(target: SimulatedTarget, path: string): number {
  const found = fieldAt(target, path);
  if (typeof found !== 'number') throw new RangeError(`no figure at '${path}'`);
  return found;
}

/** The value of the field at a dotted path of a target. Throws RangeError where there is none. */
export function fieldAt(target: SimulatedTarget, path: string): FieldValue {
  let place: unknown = target;
  for (const key of path.split('.')) place = isRecord(place) ? place[key] : undefined;
  if (isFieldValue(place)) return place;
  throw new RangeError(`no field at '${path}'`);
}

function isFieldValue(value: unknown): value is FieldValue {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

/** The object at a key, replaced by a copy unless that was done before. Throws RangeError where there is none. */
function ownCopy(holder: Record<string, unknown>, key: string, copied: Set<object>): Record<string, unknown> {
  const found = holder[key];
  if (!isRecord(found)) throw new RangeError(`nothing at '${key}'`);
  if (copied.has(found)) return found;
  const copy: unknown = Array.isArray(found) ? [...found] : { ...found };
  if (!isRecord(copy)) throw new RangeError(`nothing at '${key}'`);
  copied.add(copy);
  holder[key] = copy;
  return copy;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
