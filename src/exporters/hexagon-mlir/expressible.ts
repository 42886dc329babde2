import type { Parameter, Value } from '../../../search-space/parameter.ts';
import type { Restriction } from '../../../search-space/restriction.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { geometryOf } from '../../targets/npu/simulator/geometry.ts';
import { FIXED } from './options.ts';

type Group = Readonly<Record<string, Value>>;

/**
 * Restricts a study to what hexagon-mlir's options can say: its vector width, no unrolling, one thread
 * or chunks of four, and double buffering where the compiler can do it. What a device's scratchpad
 * holds is in the space already.
 */
export function expressible(kernel: Kernel, { parameters }: Pick<SearchSpace, 'parameters'>): Restriction {
  const of = (name: string): Parameter | undefined => parameters.find((parameter) => parameter.name === name);
  const values: Record<string, readonly Value[]> = {};
  const keep = (name: string, wanted: (value: Value) => boolean): void => {
    const known = of(name);
    if (known !== undefined) values[name] = known.values.filter(wanted);
  };
  keep('vectorBytes', (value) => Number(value) <= FIXED.vectorBytes);
  keep('unroll', (value) => value === 1);
  keep('threads', (value) => value === 1 || value === FIXED.chunks);
  keep('split', (value) => value === 'tiles-block' || value === 'chunks');
  keep('buffers', (value) => value === 1 || (value === 2 && isBufferable(kernel)));
  return {
    values,
    someNot: [...ownTilesForThreads(of), ...unevenDoubleBuffers(kernel, of), ...longStrides(kernel, of)],
  };
}

/** Whether its double buffering knows this kind of operation at all. */
function isBufferable(kernel: Kernel): boolean {
  const { nest, single, tiled } = geometryOf(kernel);
  const isParallel = nest.kernel.dimensions.every(({ kind }) => kind === 'parallel');
  return (
    isParallel && single.length === 0 && tiled.length > 0 && nest.shared.length <= FIXED.doubleBufferRank
  );
}

type Find = (name: string) => Parameter | undefined;

/** Several threads share each tile: none has tiles of its own. */
function ownTilesForThreads(of: Find): readonly Group[] {
  return of('threads') === undefined || of('split') === undefined
    ? []
    : [{ threads: FIXED.chunks, split: 'tiles-block' }];
}

function unevenDoubleBuffers(kernel: Kernel, of: Find): readonly Group[] {
  return geometryOf(kernel).tiled.flatMap(({ parameter, extent }) =>
    (of(parameter)?.values ?? [])
      .filter((size) => extent % Number(size) !== 0)
      .map((size) => ({ buffers: 2, [parameter]: size })),
  );
}

/** Rows that are cut, of tensors whose rows are too long for a descriptor. */
function longStrides(kernel: Kernel, of: Find): readonly Group[] {
  const { tiled, operands } = geometryOf(kernel);
  const innermost = tiled.at(-1);
  if (tiled.length < 2 || innermost === undefined) return [];
  const widest = Math.max(...operands.map(({ elementBytes }) => elementBytes));
  if (innermost.extent * widest < FIXED.strideLimitBytes) return [];
  return (of(innermost.parameter)?.values ?? [])
    .filter((size) => size !== innermost.extent)
    .map((size) => ({ staging: 'dma', [innermost.parameter]: size }));
}
