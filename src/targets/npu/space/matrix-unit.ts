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
import { type SimulatedTarget, UNITS, WEIGHTS } from '../machine/schema.ts';
import { type MatrixProduct, matrixProductOf, packedBytes } from '../simulator/matrix-product.ts';

/** What a matrix unit adds to the space of a kernel that is a product for it; nothing for others. */
export function matrixUnitParts(
  lowered: LoweredKernel,
  target: SimulatedTarget,
  stagedBytes: Term,
): Readonly<{ parameters: readonly Parameter[]; constraints: readonly Constraint[] }> {
  const found = matrixProductOf(lowered);
  const isStaged = target.compiler.stagings.some((staging) => staging !== 'direct');
  if (found === undefined || target.matrix === undefined || !isStaged)
    return { parameters: [], constraints: [] };
  return {
    parameters: PARAMETERS,
    constraints: constraintsOf(lowered, target, found, target.matrix.tile, stagedBytes),
  };
}

const PARAMETERS: readonly Parameter[] = Object.freeze([
  {
    name: 'unit',
    kind: 'categorical',
    tag: 'vec',
    values: UNITS,
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
  target: SimulatedTarget,
  { depth, row, column }: MatrixProduct,
  tile: number,
  stagedBytes: Term,
): readonly Constraint[] {
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
        `the matrix unit sums all of ${parameter.slice('tile'.length)} before it rounds`,
      ),
    ),
    ...cut.map(({ parameter, extent }) =>
      constraint(
        or(vector, param(parameter).divisibleBy(tile), param(parameter).eq(extent)),
        `the matrix unit’s tiles have ${tile} rows and columns`,
      ),
    ),
    fits(lowered, target, { row, column }, tile, stagedBytes),
  ];
}

/** Staged tiles and those in the unit's order must fit the scratchpad together. */
function fits(
  lowered: LoweredKernel,
  target: SimulatedTarget,
  { row, column }: Pick<MatrixProduct, 'row' | 'column'>,
  tile: number,
  stagedBytes: Term,
): Constraint {
  const product_ = matrixProductOf(lowered);
  const deep = Math.ceil(lowered.extents[product_?.depth ?? ''] / tile) * tile;
  const sized = (loop: string): Term => {
    const parameter = lowered.tiled.find((other) => other.loop === loop)?.parameter;
    const filled = Math.ceil(lowered.extents[loop] / tile) * tile;
    // A tile that is not a multiple is the whole extent.
    return parameter === undefined ? value(filled) : param(parameter).plus(filled - lowered.extents[loop]);
  };
  const [rows, columns] = [sized(row), sized(column)];
  const ofTile = (...sizes: Term[]): Term => product(value(BYTES.f16), ...sizes);
  const both = sum(ofTile(value(deep), rows), ofTile(rows, columns));
  const streamed = sum(both, ofTile(value(deep), columns));
  const { shared } = packedBytes(lowered, target, lowered.extents, 'resident');
  const threads = param('threads');
  const capacity = target.scratchpad.bytes;
  return constraint(
    or(
      param('unit').eq('vector'),
      and(param('weights').eq('streamed'), threads.times(sum(stagedBytes, streamed)).le(capacity)),
      and(
        param('weights').eq('resident'),
        sum(value(shared), threads.times(sum(stagedBytes, both))).le(capacity),
      ),
    ),
    `threads × (buffers × operands + packed tiles) and resident weights must fit the scratchpad of ${capacity} bytes`,
  );
}
