import { completeConfiguration } from '../../search-space/complete-configuration.ts';
import type { Value } from '../../search-space/parameter.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { formatShape } from '../../src/kernels/shape.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import { applyWhatIf } from '../../src/targets/npu/machine/what-if.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { defaultConfiguration } from '../../src/targets/npu/space/default.ts';
import { buildSpace } from '../../src/targets/npu/space/space.ts';

/** The cost of one habit of hexagon-mlir for a kernel: time with the habit over time without it. */
export type HabitCost = Readonly<{
  kernel: string;
  whatIf: string;
  /** The ratio with the compiler's tile and every mechanism on. */
  asCompiled: number;
  /** The ratio with each side at the best configuration of its space. */
  tuned: number;
}>;

const KERNELS: readonly (readonly [string, readonly number[]])[] = [
  ['vector-add', [64, 16384]],
  ['gelu', [1048576]],
  ['softmax', [4096, 1024]],
  ['matmul', [512, 512, 512]],
];

export const HABITS = [
  'writeback=overlapped',
  'dma-queues=4',
  'output-load=off',
  'chunks=threads',
  'gate=off',
  'fork=call',
  'splits=all',
  'tiling-budget=scratchpad',
  'residency=warm',
] as const;

/** Every mechanism on, with as many threads as there are chunks. */
function allOn({ contexts, compiler }: SimulatedTarget): Readonly<Record<string, Value>> {
  const { threads: known, habits } = compiler;
  const most = known === 'any' ? contexts : Math.max(...known);
  const threads = habits.chunks === 'threads' ? most : Math.min(most, habits.chunks);
  return { threads, split: 'chunks', staging: 'dma' };
}

/** Every habit's cost for the paper's two kernels, softmax and a matrix product. Takes some seconds. */
export function habitCosts(): readonly HabitCost[] {
  const target = loadTarget('hexagon-mlir');
  return KERNELS.flatMap(([name, shape]) => {
    const kernel = libraryKernel(name, shape);
    const compiled = compiledTime(kernel, target);
    const tuned = bestTime(kernel, target);
    return HABITS.map((whatIf) => {
      const changed = applyWhatIf(target, whatIf);
      return {
        kernel: `${name} ${formatShape(shape)}`,
        whatIf,
        asCompiled: compiled / compiledTime(kernel, changed),
        tuned: tuned / bestTime(kernel, changed),
      };
    });
  });
}

/** The time with the compiler's tile, all threads, DMA, and two buffers if possible. */
function compiledTime(kernel: Kernel, target: SimulatedTarget): number {
  // The gate may carry this out on one thread.
  const space = buildSpace(kernel, applyWhatIf(target, 'gate=off'));
  const preferred = defaultConfiguration(kernel, target, space);
  const tiles = Object.fromEntries(Object.entries(preferred).filter(([name]) => name.startsWith('tile')));
  const given = { ...allOn(target), ...tiles };
  const buffered = space.restrict({
    values: Object.fromEntries(
      Object.entries({ ...given, buffers: 2 }).map(([name, value]) => [name, [value]]),
    ),
  });
  const set = buffered === null ? given : { ...given, buffers: 2 };
  return simulateKernel(kernel, target, completeConfiguration(space, preferred, set)).timeUs;
}

function bestTime(kernel: Kernel, target: SimulatedTarget): number {
  const space = buildSpace(kernel, target);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < space.size; i++) {
    best = Math.min(best, simulateKernel(kernel, target, space.at(i)).timeUs);
  }
  return best;
}
