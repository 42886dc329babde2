import fc from 'fast-check';
import { randomFor } from '../../../../search-space/random.ts';
import { defineKernel, exp } from '../../../kernels/builder.ts';
import type { DType, Kernel } from '../../../kernels/ir.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { figureAt, withFigures } from '../machine/calibration.ts';
import { loadTarget } from '../machine/load.ts';
import type { ParameterSet } from '../machine/parameter-sets.ts';
import type { Habits, SimulatedTarget } from '../machine/schema.ts';
import { buildSpace } from '../space/space.ts';

/** Kernels, targets and configurations for property tests. */

const LIBRARY: readonly (readonly [string, readonly number[], DType?])[] = [
  ['vector-add', [70000]],
  ['vector-add', [48, 1000]],
  ['gelu', [65536]],
  ['silu-mul', [30000]],
  ['softmax', [96, 512]],
  ['rms-norm', [100, 768]],
  ['layer-norm', [64, 640]],
  ['row-sum', [64, 4096]],
  ['transpose', [256, 384]],
  ['rope', [4, 128, 64]],
  ['matmul', [96, 128, 256]],
  ['matmul', [96, 128, 256], 'f16'],
  ['batched-matmul', [3, 70, 64, 128], 'f16'],
  ['attention', [1, 2, 64, 32]],
];

/** A kernel of the library, or a chain of random element-wise operations on one to three inputs. */
export const anyKernel: fc.Arbitrary<Kernel> = fc.oneof(
  fc.constantFrom(...LIBRARY).map(([name, shape, dtype]) => libraryKernel(name, shape, dtype)),
  fc
    .record({
      elements: fc.integer({ min: 500, max: 300_000 }),
      inputs: fc.integer({ min: 1, max: 3 }),
      operations: fc.integer({ min: 1, max: 30 }),
      dtype: fc.constantFrom<DType>('f32', 'f16'),
    })
    .map(pointwise),
  fc.integer({ min: 300, max: 500_000 }).map(totalSum),
);

/** A reduction to one number, which cannot be split over threads. */
function totalSum(elements: number): Kernel {
  return defineKernel('total', { shape: [elements], dtype: 'f32' }, (k) => {
    const i = k.dimension('i', elements);
    const x = k.input('x', 'f32', [elements]).at(i);
    k.store(k.output('y', 'f32', [1]), [0], k.sum(x, i));
  });
}

type Pointwise = Readonly<{ elements: number; inputs: number; operations: number; dtype: DType }>;

export function pointwise({ elements, inputs, operations, dtype }: Pointwise): Kernel {
  return defineKernel('random', { shape: [elements], dtype }, (k) => {
    const i = k.dimension('i', elements);
    const loads = Array.from({ length: inputs }, (_, n) => k.input(`x${n}`, dtype, [elements]).at(i));
    let value = loads.reduce((sum, load) => sum.add(load));
    for (let n = 0; n < operations; n++) {
      value = n % 7 === 6 ? exp(value) : n % 2 === 0 ? value.mul(1.5 + n) : value.add(loads[n % inputs]);
    }
    k.store(k.output('y', dtype, [elements]), [i], value);
  });
}

/** Figures that a random target may have smaller or larger, by up to the factor. */
const FIGURES: readonly (readonly [string, number])[] = [
  ['clockGHz', 3],
  ['ops.vectorLatencyScale', 4],
  ['memory.0.perThreadGBs', 4],
  ['memory.0.totalGBs', 4],
  ['memory.1.perThreadGBs', 6],
  ['memory.1.totalGBs', 6],
  ['direct.perThreadGBs', 6],
  ['direct.totalGBs', 6],
  ['copy.perThreadGBs', 6],
  ['copy.totalGBs', 6],
  ['dma.perQueueGBs', 6],
  ['dma.totalGBs', 6],
  ['dma.setupUs', 20],
  ['callUs', 4],
  ['forkJoinUs', 20],
  ['barrierUs', 10],
];

const anyHabits: fc.Arbitrary<Partial<Habits>> = fc.record({
  chunks: fc.constantFrom<Habits['chunks']>('threads', 2, 4, 7),
  gate: fc.constantFrom(0, 1000, 65536),
  forkPerTile: fc.boolean(),
  dmaQueues: fc.integer({ min: 1, max: 6 }),
  outputLoad: fc.boolean(),
  writeBack: fc.constantFrom<Habits['writeBack']>('waited', 'overlapped'),
});

/** hexagon-v75 with other figures, counts and habits. */
export const anyTarget: fc.Arbitrary<SimulatedTarget> = fc
  .record({
    factors: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: FIGURES.length,
      maxLength: FIGURES.length,
    }),
    contexts: fc.integer({ min: 1, max: 6 }),
    units: fc.integer({ min: 1, max: 6 }),
    scratchpad: fc.constantFrom(2 ** 18, 2 ** 20, 2 ** 23),
    habits: anyHabits,
  })
  .map(({ factors, contexts, units, scratchpad, habits }) => {
    const base = loadTarget('hexagon-v75');
    const figures: Record<string, number> = {
      contexts,
      vectorUnits: units,
      'scratchpad.bytes': scratchpad,
    };
    for (const [n, [path, factor]] of FIGURES.entries()) {
      figures[path] = figureAt(base, path) * factor ** factors[n];
    }
    const made = withFigures(base, figures);
    return { ...made, compiler: { ...made.compiler, habits: { ...made.compiler.habits, ...habits } } };
  });

/** A machine with at least as much of every resource. */
export function richer(target: SimulatedTarget, seed: number): SimulatedTarget {
  const random = randomFor(seed, 'richer');
  const figures: Record<string, number> = {};
  for (const [path] of FIGURES) {
    if (path.endsWith('GBs')) figures[path] = figureAt(target, path) * (1 + 3 * random() ** 2);
  }
  const grown: ParameterSet = {
    ...figures,
    contexts: target.contexts + Math.floor(3 * random()),
    vectorUnits: target.vectorUnits + Math.floor(3 * random()),
    'scratchpad.bytes': target.scratchpad.bytes * 2 ** Math.floor(3 * random()),
  };
  return withFigures(target, grown);
}

/** A kernel on a target, and one configuration of its space. */
export const anyCase = fc
  .record({ kernel: anyKernel, target: anyTarget, place: fc.double({ min: 0, max: 0.999999, noNaN: true }) })
  .map(({ kernel, target, place }) => {
    const space = buildSpace(kernel, target);
    return { kernel, target, space, configuration: space.at(Math.floor(place * space.size)) };
  });
