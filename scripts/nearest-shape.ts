// How much slower a shape's best configuration is at another shape than that shape's best, by the distance of
// the shapes. The cut-off of `best` was chosen from this table, which is in docs/notes/exports.md. Simulated.

import type { Configuration } from '../search-space/parameter.ts';
import { randomFor } from '../search-space/random.ts';
import { adaptTo } from '../src/answers/best/adapt.ts';
import { shapeDistance } from '../src/answers/best/shape-distance.ts';
import type { Kernel } from '../src/kernels/ir.ts';
import { libraryKernel } from '../src/kernels/library.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { simulatedTarget } from '../src/targets/npu/target.ts';
import { quantile } from '../tuner/measurement/statistics.ts';

const DRAWS = 2000;
const TARGETS = ['hexagon-v75', 'hexagon-mlir', 'edge-2mib'];
const FAMILIES: readonly (readonly [name: string, shapes: readonly (readonly number[])[]])[] = [
  ['gelu', [14, 15, 16.5, 18, 19, 20, 21.5].map((power) => [Math.round(2 ** power)])],
  ['vector-add', [14, 15, 16.5, 18, 19, 20, 21.5].map((power) => [Math.round(2 ** power)])],
  [
    'softmax',
    [
      [64, 1024],
      [128, 1024],
      [512, 1024],
      [512, 512],
      [1024, 2048],
      [4096, 1024],
    ],
  ],
  [
    'matmul',
    [
      [128, 128, 256],
      [256, 256, 256],
      [256, 256, 512],
      [512, 512, 512],
      [1024, 512, 512],
    ],
  ],
];

type Tuned = Readonly<{ kernel: Kernel; best: Configuration; bestUs: number; defaultUs: number }>;

function tune(kernel: Kernel, targetName: string): Tuned {
  const machine = loadTarget(targetName);
  const target = simulatedTarget(machine);
  const space = target.space(kernel);
  const random = randomFor('nearest-shape', kernel.name, kernel.shape.join('x'), targetName);
  const preferred = target.defaultConfiguration(kernel, space);
  let best = preferred;
  const timeOf = (configuration: Configuration): number =>
    simulateKernel(kernel, machine, configuration).timeUs;
  const defaultUs = timeOf(preferred);
  let bestUs = defaultUs;
  for (let draw = 0; draw < DRAWS; draw++) {
    const configuration = space.at(space.sample(random));
    const timeUs = timeOf(configuration);
    if (timeUs < bestUs) [best, bestUs] = [configuration, timeUs];
  }
  return { kernel, best, bestUs, defaultUs };
}

const regrets = new Map<number, { near: number[]; default: number[]; impossible: number }>();
for (const targetName of TARGETS) {
  const machine = loadTarget(targetName);
  const target = simulatedTarget(machine);
  for (const [name, shapes] of FAMILIES) {
    const tuned = shapes.map((shape) => tune(libraryKernel(name, shape), targetName));
    for (const from of tuned) {
      for (const to of tuned) {
        const distance = shapeDistance(from.kernel.shape, to.kernel.shape) ?? 0;
        if (distance === 0) continue;
        const key = Math.ceil(distance);
        const row = regrets.get(key) ?? { near: [], default: [], impossible: 0 };
        regrets.set(key, row);
        const adapted = adaptTo(target.space(to.kernel), from.best);
        row.default.push(to.defaultUs / to.bestUs);
        if (adapted === undefined) row.impossible++;
        else row.near.push(simulateKernel(to.kernel, machine, adapted.configuration).timeUs / to.bestUs);
      }
    }
  }
}

const figure = (values: readonly number[], q: number): string => quantile(values, q).toFixed(2);
console.log('| distance | pairs | nearest: median | nearest: 90 % | default: median | not possible |');
console.log('|---|---:|---:|---:|---:|---:|');
for (const [distance, row] of [...regrets].sort(([a], [b]) => a - b)) {
  console.log(
    `| ≤ ${distance} | ${row.default.length} | ${figure(row.near, 0.5)} | ${figure(row.near, 0.9)} | ${figure(row.default, 0.5)} | ${row.impossible} |`,
  );
}
