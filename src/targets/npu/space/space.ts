import { and, constraint, or, param, sum, type Term, value } from '../../../../search-space/builder.ts';
import type { Constraint } from '../../../../search-space/constraint.ts';
import { defineSpace } from '../../../../search-space/define-space.ts';
import type { Parameter } from '../../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { SpaceDefinition } from '../../../../search-space/space-definition.ts';
import { BYTES, type Kernel } from '../../../kernels/ir.ts';
import { arraysKept, type LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { tileFootprint } from '../../../lowering/tiles.ts';
import type { SimulatedTarget, Split, Staging } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { carriedOut, timesTile } from './carried-out.ts';
import { matrixUnitParts } from './matrix-unit.ts';
import { tileValues } from './tile-values.ts';
import { ruleTiles } from './tiling-rule.ts';

/** What a space has besides the loops: how their code is compiled. */
export type SpaceParts = Readonly<{
  parameters: readonly Parameter[];
  constraints: readonly Constraint[];
}>;

const NO_MORE: SpaceParts = Object.freeze({ parameters: [], constraints: [] });

/**
 * The search space of a kernel on a target: what the target's compiler could do with it. A parameter that
 * has no effect is pinned: operands used where they lie have no tile (it stays at its smallest) and one
 * buffer, one thread has nothing to split. Throws InputError where nothing is possible.
 */
export function buildSpace(kernel: Kernel, target: SimulatedTarget, more: SpaceParts = NO_MORE): SearchSpace {
  const { parameters, constraints } = npuSpace(kernel, target);
  return defineSpace([...parameters, ...more.parameters], [...constraints, ...more.constraints]);
}

/** The same, not counted: for whoever only asks which values there are, or whether one configuration is possible. */
export function npuSpace(kernel: Kernel, target: SimulatedTarget): SpaceDefinition {
  const lowered = loweredForNpu(kernel);
  const tiles = tileParameters(lowered, target);
  const stagings = possibleStagings(tiles, target);
  const matrix = matrixUnitParts(lowered, target);
  const parameters = [
    ...machineParameters(target, stagings),
    ...matrix.parameters,
    ...tiles,
    buffersParameter(target, stagings),
  ];
  const constraints = [
    ...carriedOut(lowered, target, stagings),
    ...pinned(tiles, target, stagings),
    ...(stagings.length > 1 ? limits(lowered, target, matrix.parameters.length > 0) : []),
    ...matrix.constraints,
  ];
  return { parameters, constraints };
}

function machineParameters(
  { vector, contexts, compiler }: SimulatedTarget,
  stagings: readonly Staging[],
): Parameter[] {
  return [
    {
      name: 'vectorBytes',
      kind: 'ordinal',
      tag: 'vec',
      values: [0, vector.bytes, ...(vector.pairs && compiler.pairs ? [2 * vector.bytes] : [])],
      off: 0,
      description: 'bytes of a vector register (or pair); 0 is scalar code',
    },
    {
      name: 'unroll',
      kind: 'ordinal',
      tag: 'schedule',
      values: compiler.unrolls,
      description: 'iterations of the innermost loop that are interleaved',
    },
    {
      name: 'threads',
      kind: 'ordinal',
      tag: 'mt',
      values: threadCounts(contexts, compiler.threads),
      off: 1,
      description: 'hardware contexts used',
    },
    {
      name: 'split',
      kind: 'categorical',
      tag: 'mt',
      values: [...new Set<Split>(['tiles-block', ...compiler.splits])],
      off: 'tiles-block',
      description: 'what a thread gets: tiles of its own (a block or every n-th), or a chunk of each tile',
    },
    {
      name: 'staging',
      kind: 'categorical',
      tag: 'schedule',
      values: stagings,
      ...(stagings.includes('dma') && { serves: { mechanism: 'db', values: ['dma'] } as const }),
      description: 'operands used where they lie, copied to scratchpad by the core, or by DMA',
    },
  ];
}

function threadCounts(contexts: number, threads: SimulatedTarget['compiler']['threads']): readonly number[] {
  if (threads === 'any') return Array.from({ length: contexts }, (_, i) => i + 1);
  return [...new Set(threads)].filter((count) => count <= contexts).sort((a, b) => a - b);
}

function tileParameters(lowered: LoweredKernel, target: SimulatedTarget): Parameter[] {
  const { tiled } = lowered;
  if (target.compiler.stagings.every((staging) => staging === 'direct')) return [];
  const rule = ruleTiles(lowered, target);
  const least = Object.fromEntries(tiled.map((loop) => [loop.parameter, tileValues(loop, tiled)[0]]));
  return tiled.map((loop) => {
    const sizes = new Set([...tileValues(loop, tiled), rule?.[loop.parameter] ?? loop.extent]);
    const fits = (size: number) =>
      bufferedBytes(lowered, { ...least, [loop.parameter]: size }) <= target.scratchpad.bytes;
    const values = [...sizes].sort((a, b) => a - b).filter((size, place) => place === 0 || fits(size));
    const of = loop.part === 'parallel' ? 'iterations' : 'summands';
    return {
      name: loop.parameter,
      kind: 'ordinal',
      tag: 'schedule',
      values,
      description: `${of} of loop ${loop.loop} in a tile, of ${loop.extent}`,
    };
  });
}

function bufferedBytes(lowered: LoweredKernel, sizes: Readonly<Record<string, number>>): number {
  const extents: Record<string, number> = { ...lowered.extents };
  for (const loop of lowered.single) extents[loop] = 1;
  for (const { loop, parameter } of lowered.tiled) extents[loop] = sizes[parameter];
  const { operands, kept } = tileFootprint(lowered, extents);
  return operands + kept;
}

/** Without a loop to tile, operands are used where they lie. */
function possibleStagings(tiles: readonly Parameter[], target: SimulatedTarget): readonly Staging[] {
  return tiles.length === 0 ? ['direct'] : target.compiler.stagings;
}

function buffersParameter({ compiler }: SimulatedTarget, stagings: readonly Staging[]): Parameter {
  const most = stagings.includes('dma') ? compiler.maxBuffers : 1;
  return {
    name: 'buffers',
    kind: 'ordinal',
    tag: 'db',
    values: Array.from({ length: most }, (_, i) => i + 1),
    off: 1,
    description: 'buffers of each operand: 2 is ping-pong',
  };
}

/** Pins parameters where they have no effect. */
function pinned(
  tiles: readonly Parameter[],
  target: SimulatedTarget,
  stagings: readonly Staging[],
): Constraint[] {
  const { splits } = target.compiler;
  const alone = param('threads').eq(1);
  const direct = param('staging').eq('direct');
  const found = [
    constraint(alone.implies(param('split').eq('tiles-block')), 'one thread has nothing to split'),
    constraint(param('buffers').gt(1).implies(param('staging').eq('dma')), 'more than one buffer needs DMA'),
  ];
  if (target.contexts > 1) {
    const wholeSplit = splits.includes('tiles-block') ? 'tiles-block' : splits[0];
    found.push(
      constraint(
        or(alone, param('split').isIn(splits)),
        `the compiler splits work into ${splits.join(' or ')}`,
      ),
      constraint(
        or(alone, param('staging').ne('direct'), param('split').eq(wholeSplit)),
        'without tiles there is one way to split',
      ),
    );
  }
  if (stagings.includes('direct')) {
    for (const { name, values } of tiles) {
      found.push(
        constraint(direct.implies(param(name).eq(values[0])), `${name} has no effect without staging`),
      );
    }
  }
  return found;
}

/** Limits of the scratchpad, the compiler and the DMA engine. */
function limits(lowered: LoweredKernel, target: SimulatedTarget, hasMatrixUnit: boolean): Constraint[] {
  const found = [fitConstraint(lowered, target, hasMatrixUnit)];
  const { compiler, dma } = target;
  if (compiler.doubleBuffers === 'elementwise' && compiler.maxBuffers > 1) {
    const single = param('buffers').eq(1);
    const allowed = isElementwise(lowered)
      ? lowered.tiled.map(({ parameter, extent }) => value(extent).mod(param(parameter)).eq(0))
      : [value(1).eq(0)];
    const [first, ...others] = allowed;
    found.push(
      constraint(
        or(single, and(first, ...others)),
        'double buffering needs an all-parallel kernel of rank ≤ 2 whose extents the tile divides',
      ),
    );
  }
  const innermost = lowered.tiled.length < 2 ? undefined : lowered.tiled.at(-1);
  if (dma.strideLimitBytes !== null && innermost !== undefined) {
    const bytes = Math.max(...lowered.operands.map(({ elementBytes }) => elementBytes));
    if (innermost.extent * bytes >= dma.strideLimitBytes) {
      found.push(
        constraint(
          or(param('staging').ne('dma'), param(innermost.parameter).eq(innermost.extent)),
          `a row of ${dma.strideLimitBytes} bytes or more cannot be strided over by DMA: whole rows only`,
        ),
      );
    }
  }
  return found;
}

function isElementwise({ kernel, shared, single }: LoweredKernel): boolean {
  return (
    kernel.dimensions.every(({ kind }) => kind === 'parallel') &&
    shared.length - single.length <= 2 &&
    single.length === 0
  );
}

/** Buffers × operands × tile × (threads, where each has tiles of its own) must fit the scratchpad. */
function fitConstraint(lowered: LoweredKernel, target: SimulatedTarget, hasMatrixUnit: boolean): Constraint {
  const set = stagedBytes(lowered);
  const capacity = target.scratchpad.bytes;
  const owners = or(param('split').eq('chunks'), param('threads').times(set).le(capacity));
  const elsewhere = [param('staging').eq('direct'), ...(hasMatrixUnit ? [param('unit').eq('matrix')] : [])];
  return constraint(
    or(and(set.le(capacity), owners), ...elsewhere),
    `buffers × operands × tile × threads with tiles of their own must fit the scratchpad of ${capacity} bytes`,
  );
}

/** Bytes of the buffers of one tile, and of the values kept between its nests. */
function stagedBytes(lowered: LoweredKernel): Term {
  const patterns = lowered.operands.flatMap(({ maps, elementBytes }) =>
    maps.map(({ strides }) => {
      const moving = Object.keys(strides).filter((loop) => strides[loop] !== 0);
      return timesTile(lowered, moving, elementBytes);
    }),
  );
  const kept = arraysKept(lowered).map(({ dims, dtype }) => timesTile(lowered, dims, BYTES[dtype]));
  return sum(value(0), ...kept, param('buffers').times(sum(value(0), ...patterns)));
}
