import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { KernelRecord } from '../../../store/records.ts';
import { type OrUnknown, type Unknown, unknown } from '../../../tuner/attribution/gain.ts';
import { type KnownValue, krige } from '../../../tuner/models/kriging.ts';
import { isOfTimes } from '../../../tuner/objectives/objective.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { kernelRecord } from '../../kernels/record.ts';
import { parseShape } from '../../kernels/shape.ts';
import { FARTHEST_SHAPE, shapeDistance } from './shape-distance.ts';
import type { TimeInterval } from './time-interval.ts';

/** The best time of a shape as other shapes let expect it, microseconds, with a 90 % interval. */
export type ExpectedTime = Readonly<{ timeUs: number; interval: TimeInterval; shapes: number }>;

/** The best time of a kernel at one shape on the target. */
export type ShapeTime = Readonly<{
  /** Name, origin and type of the kernel: shapes of one family lie beside each other. */
  family: string;
  shape: readonly number[];
  /** ln of the operations of a call; where nobody knows them, of the product of the extents. */
  logWork: number;
  logTime: number;
}>;

/** Fewer shapes of the kernel say too little; one that is left out has one shape less beside it. */
const FEWEST_SHAPES = 3;
/** So many of the nearest are used. */
const MOST_SHAPES = 16;
/** A 90 % interval needs nine left-out shapes, of any kernel; more than these add little. */
const FEWEST_LEFT_OUT = 9;
const MOST_LEFT_OUT = 200;
const INSIDE = 0.9;
/** Doublings of extents, and the error of a single best. Chosen before the figures in docs/notes/model.md. */
const OPTIONS = Object.freeze({ length: 8, nugget: 0.1 });

/**
 * The best time of a shape that was not tuned, from other shapes of the kernel on the same target: ln(time) less
 * ln(operations) is interpolated between them. The interval is as wide as it must be for nine of ten shapes that were left
 * out, each predicted from the others of its kernel (split conformal prediction; Lei et al. 2018, §2.2). Shapes that were
 * left out say nothing about one far from all that was tuned, so that its time is unknown, as it is from too few shapes.
 */
export function expectedTime(
  asked: Omit<ShapeTime, 'logTime'>,
  tuned: readonly ShapeTime[],
): OrUnknown<ExpectedTime> {
  const others = nearestOf(asked, tuned);
  const distance = others.length === 0 ? 0 : distanceTo(asked, others[0]);
  if (distance > FARTHEST_SHAPE)
    return untimed(
      `the nearest tuned shape is ${distance.toFixed(2)} doublings away, beyond the ${FARTHEST_SHAPE} within which it can be predicted`,
    );
  const count = `${others.length} other ${others.length === 1 ? 'shape' : 'shapes'} of this kernel`;
  if (others.length < FEWEST_SHAPES)
    return untimed(
      `${count} ${others.length === 1 ? 'was' : 'were'} tuned, and it takes ${FEWEST_SHAPES} to predict it`,
    );
  const errors = leftOutErrors(asked.family, tuned);
  if (errors.length < FEWEST_LEFT_OUT)
    return untimed(
      `an interval takes ${FEWEST_LEFT_OUT} tuned shapes of any kernels, each with two others of its kernel and one of them near; there are ${errors.length}`,
    );
  const place = Math.min(errors.length, Math.ceil(INSIDE * (errors.length + 1))) - 1;
  const { logTime, sd } = interpolated(asked, others);
  const half = errors[place] * sd;
  const [low, timeUs, high] = [logTime - half, logTime, logTime + half].map(Math.exp);
  return { timeUs, interval: { low, high }, shapes: others.length };
}

function untimed(missing: string): Unknown {
  return unknown('not tried', `it was not timed at this shape; ${missing}`);
}

/** Errors of shapes that were left out, in their standard deviations, ascending; those of the family come first. */
function leftOutErrors(family: string, tuned: readonly ShapeTime[]): readonly number[] {
  const errors: number[] = [];
  const order = [
    ...tuned.filter((shape) => shape.family === family),
    ...tuned.filter((shape) => shape.family !== family),
  ];
  for (const left of order) {
    if (errors.length === MOST_LEFT_OUT) break;
    const others = nearestOf(
      left,
      tuned.filter((shape) => shape !== left),
    );
    if (others.length < FEWEST_SHAPES - 1 || distanceTo(left, others[0]) > FARTHEST_SHAPE) continue;
    const { logTime, sd } = interpolated(left, others);
    errors.push(Math.abs(left.logTime - logTime) / sd);
  }
  return errors.sort((a, b) => a - b);
}

function interpolated(
  { shape, logWork }: Omit<ShapeTime, 'logTime'>,
  others: readonly ShapeTime[],
): Readonly<{ logTime: number; sd: number }> {
  const known = others.map(
    (other): KnownValue => ({ at: other.shape.map(Math.log2), value: other.logTime - other.logWork }),
  );
  const { mean, sd } = krige(known, shape.map(Math.log2), OPTIONS);
  return { logTime: mean + logWork, sd };
}

/** Infinite between shapes of different rank. */
function distanceTo({ shape }: Pick<ShapeTime, 'shape'>, other: Pick<ShapeTime, 'shape'>): number {
  return shapeDistance(shape, other.shape) ?? Number.POSITIVE_INFINITY;
}

function nearestOf(
  { family, shape }: Omit<ShapeTime, 'logTime'>,
  tuned: readonly ShapeTime[],
): readonly ShapeTime[] {
  return tuned
    .flatMap((other) => {
      const distance = other.family === family ? shapeDistance(shape, other.shape) : undefined;
      return distance === undefined ? [] : [{ other, distance }];
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_SHAPES)
    .map(({ other }) => other);
}

/** The best times of all shapes that were tuned on a target. */
export async function shapeTimes(
  store: Pick<CatalogStore, 'kernels'> & Pick<FindingStore, 'bests'>,
  fingerprint: string,
): Promise<readonly ShapeTime[]> {
  const bests = (await store.bests()).filter(
    ({ target, objective }) => target.fingerprint === fingerprint && isOfTimes(objective),
  );
  const records = new Map((await store.kernels()).map((record) => [record.hash, record]));
  return bests.flatMap(({ kernel, timeUs }) => {
    const record = records.get(kernel.hash);
    if (record === undefined) return [];
    const shape = parseShape(record.shape);
    const logWork = logWorkOf(record.features, shape);
    return [{ family: familyOf(record), shape, logWork, logTime: Math.log(timeUs) }];
  });
}

/** The shape that is asked for. */
export function untriedShape(kernel: Kernel, source: string): Omit<ShapeTime, 'logTime'> {
  const record = kernelRecord(kernel, source);
  const logWork = logWorkOf(record.features, kernel.shape);
  return { family: familyOf(record), shape: kernel.shape, logWork };
}

function familyOf({ name, dtype, source }: Pick<KernelRecord, 'name' | 'dtype' | 'source'>): string {
  return JSON.stringify([name, dtype, source === 'library']);
}

function logWorkOf(features: Readonly<Record<string, number>>, shape: readonly number[]): number {
  const { log2Ops } = features;
  return log2Ops === undefined
    ? shape.reduce((total, extent) => total + Math.log(extent), 0)
    : log2Ops * Math.LN2;
}
