import {
  and,
  constraint,
  or,
  param,
  product,
  sum,
  type Term,
  value,
} from '../../../../search-space/builder.ts';
import type { Constraint } from '../../../../search-space/constraint.ts';
import type { Parameter } from '../../../../search-space/parameter.ts';
import { BYTES } from '../../../kernels/ir.ts';
import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { PRODUCT_UNITS, type SimulatedTarget, WEIGHTS } from '../machine/schema.ts';
import { type MatrixProduct, matrixBytes, matrixProductOf } from '../simulator/matrix-product.ts';

/** What a matrix unit adds to the space of a kernel that is a product for it; nothing for others. */
export function matrixUnitParts(
  lowered: LoweredKernel,
  target: SimulatedTarget,
): Readonly<{ parameters: readonly Parameter[]; constraints: readonly Constraint[] }> {
  const found = matrixProductOf(lowered);
  const isStaged = target.compiler.stagings.some((staging) => staging !== 'direct');
  if (found === undefined || target.matrix === undefined || !isStaged)
    return { parameters: [], constraints: [] };
  return {
    parameters: PARAMETERS,
    constraints: constraintsOf(lowered, target.scratchpad.bytes, found, target.matrix.tile),
  };
}

const PARAMETERS: readonly Parameter[] = Object.freeze([
  {
    name: 'unit',
    kind: 'categorical',
    tag: 'vec',
    values: PRODUCT_UNITS,
    off: 'vector',
    apart: 'products of matrices on the matrix unit',
    description: 'what multiplies the matrices: vector operations, or the unit for tiles of 16-bit floats',
  },
  {
    name: 'weights',
    kind: 'categorical',
    tag: 'schedule',
    values: WEIGHTS,
    description:
      'the right side in the matrix unit’s order: packed for each tile, or once and kept in the scratchpad',
  },
]);

function constraintsOf(
  lowered: LoweredKernel,
  capacity: number,
  found: MatrixProduct,
  tile: number,
): readonly Constraint[] {
  const { depth, row, column } = found;
  const vector = param('unit').eq('vector');
  const whole = lowered.tiled.filter(({ loop }) => loop === depth);
  const cut = lowered.tiled.filter(({ loop }) => loop === row || loop === column);
  return [
    constraint(or(vector, param('staging').ne('direct')), 'the matrix unit reads the scratchpad'),
    constraint(or(vector, param('vectorBytes').gt(0)), 'vector code packs what the matrix unit reads'),
    constraint(
      or(vector, param('split').ne('chunks')),
      'the matrix unit takes whole tiles of one thread after the other',
    ),
    constraint(
      param('weights').eq('resident').implies(param('unit').eq('matrix')),
      'only the matrix unit’s weights are packed',
    ),
    ...whole.map(({ parameter, extent }) =>
      constraint(
        or(vector, param(parameter).eq(extent)),
        `the matrix unit sums all of ${parameter.slice('tile'.length)} before it rounds, so it needs ${parameter}=${extent}`,
      ),
    ),
    ...cut.map(({ parameter, extent }) =>
      constraint(
        or(vector, param(parameter).divisibleBy(tile), param(parameter).eq(extent)),
        `for the matrix unit ${parameter} is a multiple of ${tile}, or all ${extent}`,
      ),
    ),
    fits(lowered, capacity, found, tile),
  ];
}

/** Buffers of all threads and resident weights must fit the scratchpad together. */
function fits(lowered: LoweredKernel, capacity: number, found: MatrixProduct, tile: number): Constraint {
  const filled = (loop: string): number => Math.ceil(lowered.extents[loop] / tile) * tile;
  const sized = (loop: string): Term => {
    const parameter = lowered.tiled.find((other) => other.loop === loop)?.parameter;
    // A tile that is not a multiple is the whole extent.
    return parameter === undefined
      ? value(filled(loop))
      : param(parameter).plus(filled(loop) - lowered.extents[loop]);
  };
  const [rows, columns, deep] = [sized(found.row), sized(found.column), value(filled(found.depth))];
  const matrices = sum(product(rows, deep), product(rows, columns));
  const stripes = sum(product(value(2 * tile), deep), product(value(tile), columns));
  const resident = sum(matrices, stripes);
  const streamed = sum(resident, product(deep, columns));
  const owned = (elements: Term): Term =>
    product(value(BYTES.f16), param('threads'), param('buffers'), elements);
  const { shared } = matrixBytes(lowered, found, tile, lowered.extents, 'resident');
  return constraint(
    or(
      param('unit').eq('vector'),
      and(param('weights').eq('streamed'), owned(streamed).le(capacity)),
      and(param('weights').eq('resident'), sum(value(shared), owned(resident)).le(capacity)),
    ),
    `threads × buffers × the matrices of a tile, and resident weights, must fit the scratchpad of ${capacity} bytes`,
  );
}
