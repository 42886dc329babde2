import { integerBelow, normal, type Random } from '../../search-space/random.ts';
import { calibrate } from '../../src/answers/calibration/calibrate.ts';
import type { LoggedCall } from '../../src/answers/calibration/logged-calls.ts';
import type { DType } from '../../src/kernels/ir.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { FigureProblem, PULL } from '../../src/targets/npu/fit/figure-problem.ts';
import { normalMatrix, solved } from '../../src/targets/npu/fit/least-squares.ts';
import { misfits } from '../../src/targets/npu/fit/logged-times.ts';
import {
  type FigurePlace,
  inseparable,
  type OpenFigure,
  openFigures,
  valuesAt,
} from '../../src/targets/npu/fit/open-figures.ts';
import { ShowingRows } from '../../src/targets/npu/fit/showing-rows.ts';
import { withFigures } from '../../src/targets/npu/machine/calibration.ts';
import type { ParameterSet } from '../../src/targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../src/targets/npu/space/space.ts';

/** Kernels with shapes that are timed, and others that are predicted. */
type Timed = readonly (readonly [name: string, dtype: DType, timed: number[][], others: number[][]])[];
const [T, M] = [1024, 1_048_576];
export const KERNELS: Readonly<Record<string, Timed>> = {
  first: [
    ['gelu', 'f32', [[16 * T], [M]], [[100_000], [400_000]]],
    [
      'vector-add',
      'f32',
      [
        [16, T],
        [64, 16 * T],
      ],
      [
        [40, 3000],
        [200, 8192],
      ],
    ],
    [
      'softmax',
      'f32',
      [
        [64, 256],
        [T, T],
      ],
      [
        [300, 500],
        [2000, 256],
      ],
    ],
    [
      'matmul',
      'f32',
      [
        [128, 128, 128],
        [512, 512, 512],
      ],
      [
        [192, 320, 256],
        [384, 384, T],
      ],
    ],
    ['rms-norm', 'f16', [[256, T]], [[100, 4096]]],
  ],
  second: [
    ['relu', 'f16', [[4 * T], [M]], [[50_000], [700_000]]],
    ['silu-mul', 'f32', [[32 * T], [M]], [[90_000], [300_000]]],
    [
      'layer-norm',
      'f32',
      [
        [64, 512],
        [512, 2048],
      ],
      [
        [200, 768],
        [900, 1500],
      ],
    ],
    [
      'row-sum',
      'f32',
      [
        [128, T],
        [2048, 512],
      ],
      [[700, 900]],
    ],
    [
      'transpose',
      'f32',
      [
        [256, 256],
        [T, T],
      ],
      [[384, 640]],
    ],
  ],
};
/** Configurations of other shapes that are predicted. */
const PREDICTED = 60;
/** How far a value may be off that is right, and the deviates within which 99 of 100 are. */
const [RIGHT, WITHIN_99] = [0.05, 2.576];
/** What a log that does not say how noisy it is gives for each time. */
const UNCERTAINTY = 0.01;

/** How a calibration fared with one machine. */
export type JudgedMachine = Readonly<{
  machine: string;
  open: number;
  timings: number;
  noise: number;
  claimed: number;
  fixed: number;
  right: number;
  /** What the slopes at the truth would bound, and how many of it were fixed. */
  possible: number;
  reached: number;
  predicted: number;
  within: number;
  median: number;
  before: number;
  cpu: number;
  missed: readonly string[];
}>;

/** Calibrates a target by the log of a machine whose open figures are drawn, and judges what is claimed. */
export function hiddenMachine(
  random: Random,
  machine: string,
  target: SimulatedTarget,
  kernels: Timed,
  timings: number,
  noise: number,
): JudgedMachine {
  const figures = openFigures(target);
  const place = figures.map(() => random());
  const hidden = valuesAt(figures, place);
  const truth = withFigures(target, hidden);
  const call = (which: 'timed' | 'others'): LoggedCall => drawnCall(random, target, truth, kernels, which);
  const calls = Array.from({ length: timings }, () => noisy(random, call('timed'), noise));
  const started = process.cpuUsage();
  const { figures: told, sets } = calibrate(target, calls);
  const cpu = process.cpuUsage(started).user / 1e6;
  const claimed = told.filter(({ verdict }) => verdict === 'fixed' || verdict === 'narrowed');
  const fixed = told.filter(({ verdict }) => verdict === 'fixed');
  const possible = bounded(target, figures, place, calls, Math.max(noise, UNCERTAINTY));
  const others = Array.from({ length: PREDICTED }, () => call('others'));
  return {
    machine,
    open: figures.length,
    timings,
    noise,
    claimed: claimed.length,
    fixed: fixed.length,
    right: fixed.filter(({ figure, value }) => Math.abs(value / hidden[figure] - 1) <= RIGHT).length,
    possible: possible.length,
    reached: fixed.filter(({ figure }) => possible.includes(figure)).length,
    predicted: others.length,
    within: countWithin(target, sets, others),
    median: medianOff(withFigures(target, sets[0]), others),
    before: medianOff(target, others),
    cpu,
    missed: claimed
      .filter(({ figure, low, high }) => hidden[figure] < 0.9999 * low || hidden[figure] > 1.0001 * high)
      .map(({ figure, low, high }) => `${figure} ${hidden[figure]} not ${low} to ${high}`),
  };
}

/** Figures that are known to 5 % by the slopes at the truth, if all latencies of one unit were known. */
function bounded(
  target: SimulatedTarget,
  figures: readonly OpenFigure[],
  truth: FigurePlace,
  calls: readonly LoggedCall[],
  noise: number,
): readonly string[] {
  const showing = new ShowingRows(target, figures, calls, [truth]);
  const problem = new FigureProblem(target, figures, calls, showing, noise / UNCERTAINTY);
  const others = problem.seen.map((i) => figures[i]);
  const alone = problem.seen.flatMap((i, k) => (inseparable(others, figures[i]).length === 0 ? [k] : []));
  const normals = normalMatrix(problem.slopes(truth), alone, PULL);
  return alone.flatMap((k, row) => {
    const unit = alone.map((other) => (other === k ? 1 : 0));
    const off = WITHIN_99 * Math.sqrt(solved(normals, unit)[row]);
    const i = problem.seen[k];
    const at = (share: number): number => valuesAt(figures, truth.with(i, share))[figures[i].path];
    return at(truth[i] + off) <= at(truth[i]) * (1 + RIGHT) ? [figures[i].path] : [];
  });
}

/** How many calls have a time between the least and the greatest that sets of figures give. */
function countWithin(
  target: SimulatedTarget,
  sets: readonly ParameterSet[],
  calls: readonly LoggedCall[],
): number {
  const off = sets.map((set) => misfits(withFigures(target, set), calls));
  return calls.filter(
    (_, i) => Math.min(...off.map((one) => one[i])) <= 1e-4 && Math.max(...off.map((one) => one[i])) >= -1e-4,
  ).length;
}

function medianOff(machine: SimulatedTarget, calls: readonly LoggedCall[]): number {
  return medianOf(misfits(machine, calls).map((misfit) => Math.abs(Math.expm1(misfit))));
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A random configuration of a kernel, with the time that the hidden machine takes for it. */
function drawnCall(
  random: Random,
  target: SimulatedTarget,
  truth: SimulatedTarget,
  kernels: Timed,
  which: 'timed' | 'others',
): LoggedCall {
  const [name, dtype, timed, others] = drawnOf(random, kernels);
  const kernel = libraryKernel(name, drawnOf(random, which === 'timed' ? timed : others), dtype);
  const space = buildSpace(kernel, target);
  const configuration = space.at(integerBelow(random, space.size));
  const { timeUs } = simulateKernel(kernel, truth, configuration);
  const common = { kernel, configuration, place: 'hidden', extremes: ['hidden', 'hidden'] as const };
  return { ...common, timeUs, uncertainty: UNCERTAINTY, samplesUs: [timeUs] };
}

/** The log does not say how noisy it is. */
function noisy(random: Random, call: LoggedCall, noise: number): LoggedCall {
  const timeUs = call.timeUs * Math.exp(noise * normal(random));
  return { ...call, timeUs, samplesUs: [timeUs] };
}

export function drawnOf<T>(random: Random, list: readonly T[]): T {
  return list[integerBelow(random, list.length)];
}
