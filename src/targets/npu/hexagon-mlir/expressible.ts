import type { Parameter, Value } from '../../../../search-space/parameter.ts';
import type { Restriction } from '../../../../search-space/restriction.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { loweredForNpu } from '../policy.ts';
import { FIXED } from './options.ts';

type Group = Readonly<Record<string, Value>>;

/**
 * Restricts a study to what hexagon-mlir's options can express: its vector width, no unrolling, one thread
 * or four chunks, and double buffering where the compiler can do it. That tiles fit the scratchpad is
 * already a constraint of the space.
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

/** Whether the compiler can double-buffer this kind of kernel at all. */
function isBufferable(kernel: Kernel): boolean {
  const { kernel: seen, shared, single, tiled } = loweredForNpu(kernel);
  const isParallel = seen.dimensions.every(({ kind }) => kind === 'parallel');
  return isParallel && single.length === 0 && tiled.length > 0 && shared.length <= FIXED.doubleBufferRank;
}

type Find = (name: string) => Parameter | undefined;

/** Excludes several threads with tiles of their own: the compiler lets them share each tile. */
function ownTilesForThreads(of: Find): readonly Group[] {
  return of('threads') === undefined || of('split') === undefined
    ? []
    : [{ threads: FIXED.chunks, split: 'tiles-block' }];
}

/** Excludes two buffers for tiles that do not divide their loop. */
function unevenDoubleBuffers(kernel: Kernel, of: Find): readonly Group[] {
  return loweredForNpu(kernel).tiled.flatMap(({ parameter, extent }) =>
    (of(parameter)?.values ?? [])
      .filter((size) => extent % Number(size) !== 0)
      .map((size) => ({ buffers: 2, [parameter]: size })),
  );
}

/** Excludes cutting rows that are too long for a DMA descriptor. */
function longStrides(kernel: Kernel, of: Find): readonly Group[] {
  const { tiled, operands } = loweredForNpu(kernel);
  const innermost = tiled.at(-1);
  if (tiled.length < 2 || innermost === undefined) return [];
  const widest = Math.max(...operands.map(({ elementBytes }) => elementBytes));
  if (innermost.extent * widest < FIXED.strideLimitBytes) return [];
  return (of(innermost.parameter)?.values ?? [])
    .filter((size) => size !== innermost.extent)
    .map((size) => ({ staging: 'dma', [innermost.parameter]: size }));
}
