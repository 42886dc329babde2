import type { Expression, IndexMap, Kernel } from '../../kernels/ir.ts';
import { mapChildren, mapExpressions, mapIndices } from '../../kernels/rewrite.ts';
import { stageExpressions, walk } from '../../kernels/walk.ts';
import { hasFloatLanes } from '../expressions/lane-type.ts';
import { lower } from '../lower.ts';
import type { LoweredKernel } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';
import { fitShapeNumber, type ShapeNumber } from './shape-number.ts';

/**
 * A kernel whose extents are not known. Kernels of all shapes of a family have one structure, and numbers that
 * follow from the shape: the structure is that of one shape, and each number that differs between shapes is here
 * as a function of the shape.
 */
export type GeneralKernel = Readonly<{
  /** At one shape, large in every extent. Numbers that depend on the shape are not to be read from it. */
  lowered: LoweredKernel;
  rank: number;
  /** The elements of the operand `CONSTANTS` (f32): constants of expressions that depend on the shape. */
  constants: readonly ShapeNumber[];
  /** The whole numbers in `lowered` that depend on the shape. */
  numbers: readonly ShapeNumber[];
  /** One in `lowered`'s extents or in an index map of it; undefined where it is the same for every shape. */
  number: (holder: object, key: string) => ShapeNumber | undefined;
}>;

/** An input that a general kernel has besides the operands of its family. No operand is called like this. */
export const CONSTANTS = '(constants)';

/** Even, so that every kernel has them, and with no common factor else, so that no two products are equal by chance. */
const EXTENTS = [202, 206, 214, 218];
const LARGE_EXTENTS = [1006, 1018, 1042, 1046];
const SMALL_EXTENTS = [10, 14, 22, 26];

/**
 * The general kernel of a family, whose `build` makes it at a shape of `rank` extents; undefined where its kernels
 * differ between shapes in something that is not a number, or in a number that is no `ShapeNumber`.
 */
export function generalKernel(
  build: (shape: readonly number[]) => Kernel,
  rank: number,
  policy: LoweringPolicy,
): GeneralKernel | undefined {
  if (rank > EXTENTS.length) return undefined;
  const shapes = shapesToCompare(rank);
  const kernels = shapes.map(build);
  const constants = kernels.map(constantsOf);
  const fits = fitted(shapes, constants);
  if (fits === undefined) return undefined;
  const varying = fits.flatMap((fit, place) => (depends(fit) ? [place] : []));
  const loads = constants.map((own) => own.filter((_, place) => varying.includes(place)));
  if (loads.flat().some(({ dtype }) => !hasFloatLanes(dtype))) return undefined;
  const lowered = kernels.map((kernel, n) => lower(withConstants(kernel, loads[n]), policy));
  const numbers = numbersOf(shapes, lowered);
  if (numbers === undefined) return undefined;
  return Object.freeze({
    lowered: lowered[0],
    rank,
    constants: varying.map((place) => fits[place]),
    numbers: [...numbers.values()].flatMap((each) => [...each.values()]),
    number: (holder, key) => numbers.get(holder)?.get(key),
  });
}

/** One shape, then it with each extent changed, then others. */
function shapesToCompare(rank: number): readonly (readonly number[])[] {
  const first = EXTENTS.slice(0, rank);
  const changed = first.map((_, place) => first.with(place, LARGE_EXTENTS[place]));
  const [large, small] = [LARGE_EXTENTS, SMALL_EXTENTS].map((extents) => extents.slice(0, rank));
  return [first, ...changed, large, small, large.toReversed(), small.toReversed()];
}

type Constant = Extract<Expression, { kind: 'constant' }>;

function constantsOf({ stages }: Kernel): readonly Constant[] {
  const found: Constant[] = [];
  for (const expression of stages.flatMap(stageExpressions)) {
    walk(expression, (part) => void (part.kind === 'constant' && found.push(part)));
  }
  return found;
}

function fitted(
  shapes: readonly (readonly number[])[],
  values: readonly (readonly Readonly<{ value: number }>[])[],
): readonly ShapeNumber[] | undefined {
  if (values.some(({ length }) => length !== values[0].length)) return undefined;
  const fits = values[0].map((_, place) =>
    fitShapeOrSame(shapes.map((shape, n) => ({ shape, value: values[n][place].value }))),
  );
  return fits.every((fit) => fit !== undefined) ? fits : undefined;
}

/** Most numbers are the same for every shape, whatever they are. */
function fitShapeOrSame(samples: Parameters<typeof fitShapeNumber>[0]): ShapeNumber | undefined {
  const [{ shape, value }] = samples;
  if (samples.every((sample) => Object.is(sample.value, value))) {
    return { factor: value, powers: shape.map(() => 0) };
  }
  return fitShapeNumber(samples);
}

/** Whether it is a product of extents: whole for some shapes at least. */
function isProduct({ powers }: ShapeNumber): boolean {
  return powers.every((power) => Number.isInteger(power) && power >= 0);
}

function depends({ powers }: ShapeNumber): boolean {
  return powers.some((power) => power !== 0);
}

/** The kernel with some of its constants loaded from an operand. */
function withConstants(kernel: Kernel, loaded: readonly Constant[]): Kernel {
  if (loaded.length === 0) return kernel;
  const change = (part: Expression): Expression => {
    const offset = part.kind === 'constant' ? loaded.indexOf(part) : -1;
    if (offset < 0) return mapChildren(part, change);
    return { kind: 'load', operand: CONSTANTS, at: { offset, strides: {} }, dtype: part.dtype };
  };
  const operand = { name: CONSTANTS, role: 'input', dtype: 'f32', elements: loaded.length } as const;
  return {
    ...kernel,
    operands: [...kernel.operands, operand],
    stages: kernel.stages.map((stage) => mapExpressions(stage, change)),
  };
}

type Numbers = ReadonlyMap<object, ReadonlyMap<string, ShapeNumber>>;

/** The numbers of the first lowered kernel that depend on the shape; undefined where the kernels are not alike but for these. */
function numbersOf(
  shapes: readonly (readonly number[])[],
  lowered: readonly LoweredKernel[],
): Numbers | undefined {
  const parts = lowered.map(comparedOf);
  const skeletons = new Set(parts.map(skeletonOf));
  const found = parts.map((part) => [...numbersIn(part)]);
  const fits = fitted(shapes, found);
  if (skeletons.size > 1 || fits === undefined) return undefined;
  const changeable = changeableIn(lowered[0]);
  const numbers = new Map<object, Map<string, ShapeNumber>>();
  for (const [place, { holder, key }] of found[0].entries()) {
    if (!depends(fits[place])) continue;
    if (!changeable.has(holder) || !isProduct(fits[place])) return undefined;
    numbers.set(holder, (numbers.get(holder) ?? new Map()).set(key, fits[place]));
  }
  return numbers;
}

/** What generated code depends on. */
function comparedOf({ kernel, extents, shared, lanesAcross, nests, temporaries }: LoweredKernel) {
  return {
    stages: kernel.stages,
    extents,
    shared,
    lanesAcross,
    nests: nests.map(({ stages, loops, over, vector }) => ({ stages, loops, over: [...over], vector })),
    temporaries: temporaries.map(({ name, dtype, dims, at, place: { kind } }) => ({
      name,
      dtype,
      dims,
      at,
      kind,
    })),
  };
}

/** Where numbers may depend on the shape: in extents and index maps. */
function changeableIn({ kernel, extents, temporaries }: LoweredKernel): ReadonlySet<object> {
  const found = new Set<object>([extents]);
  const add = (at: IndexMap): IndexMap => {
    found.add(at).add(at.strides);
    return at;
  };
  for (const stage of kernel.stages) mapIndices(stage, add);
  for (const { at } of temporaries) add(at);
  return found;
}

/** Everything but the numbers, and where those are. */
function skeletonOf(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => (typeof value === 'number' ? 0 : value));
}

function* numbersIn(data: unknown): Generator<Readonly<{ holder: object; key: string; value: number }>> {
  if (typeof data !== 'object' || data === null) return;
  for (const [key, value] of Object.entries<unknown>({ ...data })) {
    if (typeof value === 'number') yield { holder: data, key, value };
    else yield* numbersIn(value);
  }
}
