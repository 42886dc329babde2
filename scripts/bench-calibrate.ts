import { parseArgs } from 'node:util';
import { integerBelow, type Random, randomFor } from '../search-space/random.ts';
import { type CalibrationAnswer, calibrate } from '../src/answers/calibration/calibrate.ts';
import type { LoggedCall } from '../src/answers/calibration/logged-calls.ts';
import type { DType } from '../src/kernels/ir.ts';
import { libraryKernel } from '../src/kernels/library.ts';
import { misfits } from '../src/targets/npu/fit/logged-times.ts';
import { openFigures, valuesAt } from '../src/targets/npu/fit/open-figures.ts';
import { withFigures } from '../src/targets/npu/machine/calibration.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import type { SimulatedTarget } from '../src/targets/npu/machine/schema.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../src/targets/npu/space/space.ts';
import { markdownTable } from './fidelity/markdown-table.ts';

/** Kernels with shapes that are timed, and others that are predicted. */
const KERNELS: readonly (readonly [name: string, dtype: DType, timed: number[][], others: number[][]])[] = [
  ['gelu', 'f32', [[16_384], [1_048_576]], [[100_000], [400_000]]],
  [
    'vector-add',
    'f32',
    [
      [16, 1024],
      [64, 16_384],
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
      [1024, 1024],
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
      [384, 384, 1024],
    ],
  ],
  ['rms-norm', 'f16', [[256, 1024]], [[100, 4096]]],
];
/** Configurations of other shapes that are predicted. */
const PREDICTED = 80;

/**
 * npm run bench:calibrate -- --target hexagon-v73 --timings 20: machines whose figures are drawn anywhere in the stated
 * ranges write a log of random configurations, which gives the figures back: what is said to be fixed, what of it is wrong,
 * which claimed ranges lack the truth, and how far other shapes are off.
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: 'hexagon-v73' },
      timings: { type: 'string', default: '20' },
      machines: { type: 'string', default: '6' },
      noise: { type: 'string', default: '0' },
    },
  });
  const rows = Array.from({ length: Number(values.machines) }, (_, seed) =>
    hiddenMachine(loadTarget(values.target), seed, Number(values.timings), Number(values.noise)),
  );
  const titles = ['machine', 'figures that show', 'fixed', 'off by more than 5 %', 'worst of the fixed'];
  const more = [
    'ranges without the truth',
    'other shapes: within their intervals',
    'median, p90',
    'with the file’s figures',
    's of CPU',
  ];
  process.stdout.write(`${markdownTable([...titles, ...more], rows).join('\n')}\n`);
}

function hiddenMachine(target: SimulatedTarget, seed: number, timings: number, noise: number): string[] {
  const random = randomFor('a hidden machine', target.name, seed);
  const figures = openFigures(target);
  const hidden = valuesAt(
    figures,
    figures.map(() => random()),
  );
  const truth = withFigures(target, hidden);
  const calls = Array.from({ length: timings }, () => drawn(random, target, truth, 'timed', noise));
  const started = process.cpuUsage();
  const { figures: told, sets } = calibrate(target, calls);
  const cpu = process.cpuUsage(started).user / 1e6;
  const fixed = told.filter(({ verdict }) => verdict === 'fixed');
  const off = fixed.map(({ figure, value }) => Math.abs(value / hidden[figure] - 1));
  const others = Array.from({ length: PREDICTED }, () => drawn(random, target, truth, 'others', 0));
  const errors = (machine: SimulatedTarget): string => {
    const sorted = misfits(machine, others)
      .map((misfit) => Math.abs(Math.expm1(misfit)))
      .sort((a, b) => a - b);
    return [0.5, 0.9].map((share) => percent(sorted[Math.floor(share * sorted.length)])).join(', ');
  };
  return [
    `${target.name} ${seed}`,
    String(told.filter(({ verdict }) => verdict !== 'unseen').length),
    String(fixed.length),
    String(off.filter((share) => share > 0.05).length),
    percent(Math.max(0, ...off)),
    told
      .filter(({ figure, low, high }) => hidden[figure] < 0.9999 * low || hidden[figure] > 1.0001 * high)
      .map(({ figure }) => figure)
      .join(', ') || 'none',
    percent(shareWithin(target, sets, others)),
    errors(withFigures(target, sets[0])),
    errors(target),
    cpu.toFixed(0),
  ];
}

/** The share of calls whose time lies between the least and the greatest that sets of figures give. */
function shareWithin(
  target: SimulatedTarget,
  sets: CalibrationAnswer['sets'],
  calls: readonly LoggedCall[],
): number {
  const off = sets.map((set) => misfits(withFigures(target, set), calls));
  const within = calls.filter(
    (_, i) => Math.min(...off.map((one) => one[i])) <= 1e-4 && Math.max(...off.map((one) => one[i])) >= -1e-4,
  );
  return within.length / calls.length;
}

/** A random configuration of a kernel, with the time that the hidden machine takes for it. */
function drawn(
  random: Random,
  target: SimulatedTarget,
  truth: SimulatedTarget,
  which: 'timed' | 'others',
  noise: number,
): LoggedCall {
  const [name, dtype, timed, others] = KERNELS[integerBelow(random, KERNELS.length)];
  const shapes = which === 'timed' ? timed : others;
  const kernel = libraryKernel(name, shapes[integerBelow(random, shapes.length)], dtype);
  const space = buildSpace(kernel, target);
  const configuration = space.at(integerBelow(random, space.size));
  const spread = noise === 0 ? 1 : Math.exp(noise * 2 * (random() + random() + random() - 1.5));
  const timeUs = simulateKernel(kernel, truth, configuration).timeUs * spread;
  // The log does not say how noisy it is.
  const uncertainty = 0.01;
  return {
    kernel,
    configuration,
    timeUs,
    uncertainty,
    place: 'hidden',
    samplesUs: [timeUs],
    extremes: ['hidden', 'hidden'],
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

main();
