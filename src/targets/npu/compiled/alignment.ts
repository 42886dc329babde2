import { and, constraint, or, param, value } from '../../../../search-space/builder.ts';
import type { Constraint } from '../../../../search-space/constraint.ts';
import type { LoweredKernel, NestAccess, TiledLoop } from '../../../lowering/lowered-kernel.ts';

/**
 * Whether some loads or stores of vectors are at whole vectors where operands begin at one: their rows and offsets are
 * multiples of a register's bytes. Of a kernel without any, code that may assume it is the same.
 */
export function canBeAligned(lowered: LoweredKernel, registerBytes: number): boolean {
  return lowered.nests.some(({ accesses, vector }) =>
    accesses.some((access) => {
      const { strides, offsets, elementBytes } = access;
      const rows = Object.entries(strides).filter(([loop]) => loop !== vector);
      const steps = [...offsets, ...rows.map(([, stride]) => stride)];
      return (
        isOperand(lowered, access) &&
        strides[vector] === 1 &&
        steps.every((step) => (step * elementBytes) % registerBytes === 0)
      );
    }),
  );
}

/**
 * Threads share whole vectors, and a tile begins at one; but the rows of a tile lie behind each other, so that those of
 * one that cuts rows must be whole vectors, too.
 */
export function alignedRows(lowered: LoweredKernel, registerBytes: number): readonly Constraint[] {
  return lowered.tiled.flatMap((loop) => {
    const bytes = bytesOfRows(lowered, loop);
    if (bytes === undefined) return [];
    const size = param(loop.parameter);
    const whole = or(size.eq(loop.extent), size.times(bytes).mod(value(registerBytes)).eq(0));
    return [
      constraint(
        or(param('alignment').ne('vectors'), param('staging').eq('direct'), and(whole)),
        `rows of ${loop.parameter} elements are not multiples of a vector of ${registerBytes} bytes, so that their loads are not aligned`,
      ),
    ];
  });
}

/** Bytes of the narrowest element whose rows lie along the loop, behind each other along another one. */
function bytesOfRows(lowered: LoweredKernel, { loop }: TiledLoop): number | undefined {
  const rows = lowered.nests.flatMap(({ accesses }) =>
    accesses.filter(
      (access) =>
        isOperand(lowered, access) &&
        access.strides[loop] === 1 &&
        Object.entries(access.strides).some(([other, stride]) => other !== loop && stride !== 0),
    ),
  );
  return rows.length === 0 ? undefined : Math.min(...rows.map(({ elementBytes }) => elementBytes));
}

function isOperand({ operands }: LoweredKernel, { array }: NestAccess): boolean {
  return operands.some(({ name }) => name === array);
}
