import type { Configuration, Mechanism } from '../../search-space/parameter.ts';
import { permitOnly } from '../../search-space/restriction.ts';
import type { DType, Kernel } from '../../src/kernels/ir.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { withFigures } from '../../src/targets/npu/machine/calibration.ts';
import type { ParameterSet } from '../../src/targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../src/targets/npu/space/space.ts';

/** A gain that was published for hexagon-mlir, as a rung of the ladder in the space that its options can express. */
export type LadderRow = Readonly<{
  id: string;
  kernel: string;
  shape: readonly number[];
  dtype: DType;
  mechanism: Mechanism;
  published: number;
  /** Another publication's figure for the same. */
  other?: number;
  trust: string;
  /** The observations that are this figure, or are times of it: left out of the fit that judges it. */
  leftOut: readonly string[];
}>;

const LADDER = 'ladder-vector-add';
const SUMMARY = 'summaries';
const gelu = { kernel: 'gelu', shape: [1048576], dtype: 'f32' } as const;
const add = { kernel: 'vector-add', shape: [64, 16384], dtype: 'f32' } as const;
const GELU_TEAM = ['gelu-1m-mt', 'gelu-1m-mt-gain'];

export const LADDER_ROWS: readonly LadderRow[] = [
  {
    ...gelu,
    id: 'gelu f32 1M, +Vec',
    mechanism: 'vec',
    published: 16.1,
    trust: SUMMARY,
    leftOut: ['companion-vec-gelu-f32'],
  },
  {
    ...gelu,
    id: 'gelu f16 1M, +Vec',
    dtype: 'f16',
    mechanism: 'vec',
    published: 63.9,
    trust: SUMMARY,
    leftOut: ['companion-vec-gelu-f16'],
  },
  {
    id: 'rms-norm, +Vec',
    kernel: 'rms-norm',
    shape: [4096, 1024],
    dtype: 'f32',
    mechanism: 'vec',
    published: 46.5,
    trust: SUMMARY,
    leftOut: ['companion-vec-rms-norm-not'],
  },
  {
    ...add,
    id: 'vector-add, +Vec',
    mechanism: 'vec',
    published: 132479 / 3210,
    trust: 'two independent readings',
    leftOut: [`${LADDER}-scalar`],
  },
  {
    ...gelu,
    id: 'gelu 1M, +MT',
    mechanism: 'mt',
    published: 3.91,
    other: 3.4,
    trust: 'several readings; 2602.19762 says 3.40',
    leftOut: GELU_TEAM,
  },
  {
    ...gelu,
    id: 'gelu 32,768, +MT',
    shape: [32768],
    mechanism: 'mt',
    published: 2.28,
    trust: SUMMARY,
    leftOut: ['companion-mt-32768'],
  },
  {
    ...gelu,
    id: 'gelu 524,288, +MT',
    shape: [524288],
    mechanism: 'mt',
    published: 3.95,
    trust: SUMMARY,
    leftOut: ['companion-mt-524288'],
  },
  {
    ...add,
    id: 'vector-add, +MT',
    mechanism: 'mt',
    published: 3210 / 3000,
    trust: 'one reading',
    leftOut: [`${LADDER}-vec+mt`],
  },
  {
    ...add,
    id: 'vector-add, +DB',
    mechanism: 'db',
    published: 3000 / 2689,
    trust: 'one reading',
    leftOut: [`${LADDER}-vec+mt+db`],
  },
];

/** The mechanisms permitted below a rung, and with it. */
const BELOW: Readonly<Record<Mechanism, readonly Mechanism[]>> = { vec: [], mt: ['vec'], db: ['vec', 'mt'] };

/** A rung's gain in a parameter set: each side at its own best, as a study that has tried everything finds it. */
export function ladderGain(
  row: LadderRow,
  target: SimulatedTarget,
  kernel = libraryKernel(row.kernel, row.shape, row.dtype),
): (set: ParameterSet) => number {
  const below = members(kernel, target, BELOW[row.mechanism], row.mechanism !== 'vec');
  const within = members(kernel, target, [...BELOW[row.mechanism], row.mechanism], row.mechanism === 'mt');
  return (set) => {
    const machine = withFigures(target, set);
    const best = (all: readonly Configuration[]) =>
      all.reduce(
        (least, one) => Math.min(least, simulateKernel(kernel, machine, one).timeUs),
        Number.POSITIVE_INFINITY,
      );
    const slow = best(below);
    return slow / Math.min(slow, best(within));
  };
}

/**
 * Configurations of the target, which its compiler can express, with these mechanisms permitted. In the publication DMA comes with double
 * buffering: the rungs before have it off.
 */
function members(
  kernel: Kernel,
  target: SimulatedTarget,
  permitted: readonly Mechanism[],
  withoutTransfers: boolean,
): readonly Configuration[] {
  const whole = buildSpace(kernel, target);
  const space = whole.restrict(permitOnly(whole.parameters, new Set(permitted)));
  if (space === null) return [];
  const all = Array.from({ length: space.size }, (_, n) => space.at(n));
  return withoutTransfers ? all.filter(({ staging }) => staging !== 'dma') : all;
}
