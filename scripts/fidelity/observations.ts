import { completeConfiguration } from '../../search-space/complete-configuration.ts';
import type { Configuration, Value } from '../../search-space/parameter.ts';
import { BYTES, type DType, type Kernel } from '../../src/kernels/ir.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import { applyWhatIf } from '../../src/targets/npu/machine/what-if.ts';
import { loweredForNpu } from '../../src/targets/npu/policy.ts';
import { gated } from '../../src/targets/npu/simulator/gate.ts';
import { readSchedule } from '../../src/targets/npu/simulator/schedule.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { defaultConfiguration } from '../../src/targets/npu/space/default.ts';
import { buildSpace } from '../../src/targets/npu/space/space.ts';
import { type Published, publishedTimings } from './published.ts';

/** The use of a figure: it is fitted, only compared, or predicted by fits that left it out. */
export type Use = 'calibration' | 'validation' | 'cross-validation';

/** A published figure, and the way to simulate it. */
export type Observation = Readonly<{
  id: string;
  mode?: 'single' | 'four-way';
  device: string;
  kernel: string;
  /** Rows with the same size, or the same operation, are left out together. */
  size: number;
  /** The number of bytes that a call touches. */
  bytes: number;
  published: number | string;
  unit: 'us' | 'ratio';
  use: Use;
  /** How much it counts in a fit. */
  weight: number;
  /** The assumed configuration, in words. */
  assumed: string;
  simulate: (target: SimulatedTarget) => number;
  /** Whether the compiler would run the threads of its faster side as one: then it compares nothing. */
  isGated?: (target: SimulatedTarget) => boolean;
}>;

/** What is only known from summaries of a paper may be off by twice as much as what was read in it. */
const SUMMARY_WEIGHT = 0.25;

function weightOf({ trust }: Published): number {
  return trust.startsWith('summar') ? SUMMARY_WEIGHT : 1;
}

type Setting = Readonly<Record<string, Value>>;

const STAGED: Setting = { staging: 'copy', tileRows: 8, tileCols: 16384, unroll: 1 };
const TEAM: Setting = { threads: 4, split: 'chunks' };
const RUNGS: Readonly<Record<string, Setting>> = {
  scalar: { vectorBytes: 0, threads: 1 },
  vec: { vectorBytes: 128, threads: 1 },
  'vec+mt': { vectorBytes: 128, ...TEAM },
  'vec+mt+db': { vectorBytes: 128, ...TEAM, staging: 'dma', buffers: 2 },
};
const DIRECT: Setting = { staging: 'direct', unroll: 1 };

/** All published figures; a figure with two values becomes two. */
export function observations(): readonly Observation[] {
  return publishedTimings().flatMap(observe);
}

function observe(published: Published): Observation[] {
  if ('vector_ops' in published) return [twoWay(published, 'single', 1), twoWay(published, 'four-way', 4)];
  if ('time_us' in published) return [timed(published)];
  return [ratio(published)];
}

function timed(row: Extract<Published, { time_us: number }>): Observation {
  const isLadder = row.kernel === 'vector-add';
  const setting = { ...(isLadder ? STAGED : DIRECT), ...RUNGS[row.rung] };
  const kernel = libraryKernel(row.kernel, row.shape, 'f32');
  return {
    id: row.id,
    device: row.device,
    kernel: row.kernel,
    size: row.shape.reduce((product, extent) => product * extent, 1),
    bytes: bytesOf(kernel),
    published: row.time_us,
    unit: 'us',
    use: 'calibration',
    weight: weightOf(row),
    assumed: isLadder
      ? `tiles of 8 x 16384 (the compiler's rule), f32, no unrolling; ${row.rung}`
      : `f32 used where it lies, no unrolling; ${row.rung === 'vec' ? 'one thread' : 'four chunks, one fork and join'}`,
    simulate: timer(kernel, setting),
  };
}

/** Numbers that contradict others: 3.40 where 3.91 was read, and 3.95, which no fork and join allows that explains 2.28. */
const CONTRADICTING = ['companion-mt-1048576', 'companion-mt-524288'];

function isFitted({ id, value }: Extract<Published, { value: number | string }>): boolean {
  return typeof value === 'number' && !CONTRADICTING.includes(id);
}

function ratio(row: Extract<Published, { value: number | string }>): Observation {
  const kernel = row.kernel.split(' ')[0];
  // If a paper does not give the dtype: f32, with which its other times agree.
  const dtype: DType = row.dtype === 'f16' ? 'f16' : 'f32';
  // "Below 16 K elements" is simulated at the next smaller power of two.
  const shape =
    typeof row.value === 'string' ? [8192] : (row.shape ?? (kernel === 'gelu' ? [1048576] : undefined));
  const subject = libraryKernel(kernel, shape, dtype);
  const settings = row.ratio.split(' / ').map((rung) => ({ ...DIRECT, ...RUNGS[rung] }));
  const [slow, fast] = settings.map((setting) => timer(subject, setting));
  return {
    id: row.id,
    device: row.device,
    kernel,
    size: shape?.[0] ?? 0,
    bytes: bytesOf(subject),
    published: row.value,
    unit: 'ratio',
    use: isFitted(row) ? 'calibration' : 'validation',
    weight: weightOf(row),
    assumed: `${dtype} used where it lies, no unrolling${shape === undefined ? ', 4096 x 1024' : `, ${shape[0]} elements`}`,
    simulate: (target) => slow(target) / fast(target),
    isGated: (target) => settings.some((setting) => isGated(target, subject, setting)),
  };
}

function twoWay(
  row: Extract<Published, { vector_ops: number }>,
  mode: 'single' | 'four-way',
  threads: number,
): Observation {
  const kernel = libraryKernel(row.kernel, [row.vector_ops]);
  return {
    id: row.id,
    mode,
    device: row.device,
    kernel: row.kernel,
    size: row.vector_ops,
    bytes: bytesOf(kernel),
    published: mode === 'single' ? row.single_thread_us : row.four_way_us,
    unit: 'us',
    use: 'cross-validation',
    weight: weightOf(row),
    assumed: `the target's default with ${threads === 1 ? 'one thread' : 'four threads'}, caches warm`,
    simulate: timer(kernel, { threads }),
  };
}

/** The time of a kernel with a target's default configuration, except for the given values. */
export function timeOf(target: SimulatedTarget, kernel: Kernel, setting: Setting): number {
  return timer(kernel, setting)(target);
}

/** Whether the compiler would run the threads of a configuration as one. */
export function isGated(target: SimulatedTarget, kernel: Kernel, setting: Setting): boolean {
  const lowered = loweredForNpu(kernel);
  const asked = readSchedule(configurationOf(target, kernel, setting), lowered);
  return gated(lowered, target, asked).threads < asked.threads;
}

/** A `timeOf` for many parameter sets of one target, which finds the configuration once. */
function timer(kernel: Kernel, setting: Setting): (target: SimulatedTarget) => number {
  const found = new Map<string, Configuration>();
  return (target) => {
    const configuration = found.get(target.name) ?? configurationOf(target, kernel, setting);
    found.set(target.name, configuration);
    return simulateKernel(kernel, target, configuration).timeUs;
  };
}

/** The configuration that was asked for, which the compiler carries out on one thread where its gate says so. */
function configurationOf(target: SimulatedTarget, kernel: Kernel, setting: Setting): Configuration {
  const space = buildSpace(kernel, applyWhatIf(target, 'gate=off'));
  return completeConfiguration(space, defaultConfiguration(kernel, target, space), setting);
}

function bytesOf(kernel: Kernel): number {
  return kernel.operands.reduce((sum, { elements, dtype }) => sum + elements * BYTES[dtype], 0);
}
