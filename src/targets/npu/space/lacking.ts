import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { matrixProductOf } from '../simulator/matrix-product.ts';

/** Why a kernel has no choice of a matrix unit on a machine; undefined for another parameter. */
export function whyNoMatrixUnit(
  lowered: LoweredKernel,
  { name, matrix, compiler }: SimulatedTarget,
  parameter: string,
): string | undefined {
  if (parameter !== 'unit' && parameter !== 'weights') return undefined;
  if (matrix === undefined) return `${name} has no matrix unit`;
  if (matrixProductOf(lowered) === undefined)
    return 'the matrix unit is for products of 16-bit floats only, such as matmul with --dtype f16';
  if (compiler.stagings.every((staging) => staging === 'direct'))
    return 'the matrix unit reads the scratchpad, in which this compiler stages nothing';
  return undefined;
}
