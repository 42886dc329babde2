import type { Kernel, Operand } from './ir.ts';
import { stageLoops } from './walk.ts';

/** The value under a key that a valid kernel has. Throws RangeError naming the key where it is missing. */
export function required<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new RangeError(`there is no '${key}'`);
  return value;
}

type Dimensions = Pick<Kernel, 'dimensions'>;

/** The extents of a kernel's dimensions by name. */
export function dimensionExtents({ dimensions }: Dimensions): ReadonlyMap<string, number> {
  return new Map(dimensions.map(({ name, extent }) => [name, extent]));
}

/** The extent of one dimension. Throws RangeError for a name that the kernel does not have. */
export function dimensionExtent({ dimensions }: Dimensions, name: string): number {
  const found = dimensions.find((dimension) => dimension.name === name);
  if (found === undefined) throw new RangeError(`there is no dimension '${name}'`);
  return found.extent;
}

/** How often the body of a loop nest over these dimensions runs: the product of their extents. */
export function pointsOver(extents: ReadonlyMap<string, number>, loops: readonly string[]): number {
  return loops.reduce((points, name) => points * required(extents, name), 1);
}

/** The points of all stages of a call together. */
export function totalPoints(kernel: Kernel): number {
  const extents = dimensionExtents(kernel);
  return kernel.stages.reduce((sum, stage) => sum + pointsOver(extents, stageLoops(stage)), 0);
}

/** An operand by its name. Throws RangeError for a name that the kernel does not have. */
export function operandNamed({ operands }: Pick<Kernel, 'operands'>, name: string): Operand {
  const found = operands.find((operand) => operand.name === name);
  if (found === undefined) throw new RangeError(`there is no operand '${name}'`);
  return found;
}
