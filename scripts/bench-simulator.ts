// The simulator's speed: distinct configurations per second, and the cost of a large shape relative to a small one.
//   node dist/scripts/bench-simulator.js [--target hexagon-v75] [--format table|json]
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import type { Configuration } from '../search-space/parameter.ts';
import { randomFor } from '../search-space/random.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import type { Kernel } from '../src/kernels/ir.ts';
import { libraryKernel } from '../src/kernels/library.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../src/targets/npu/space/space.ts';
import { median } from '../tuner/measurement/statistics.ts';

const CONFIGURATIONS = 4000;
const ROUNDS = 7;
const SMALL = 2 ** 16;
const LARGE = 2 ** 26;

const { values: flags } = parseArgs({
  options: {
    target: { type: 'string', default: 'hexagon-v75' },
    format: { type: 'string', default: 'table' },
  },
});
if (flags.format !== 'table' && flags.format !== 'json') {
  throw new InputError('--format', `cannot be '${flags.format}'`, 'table or json');
}
const target = loadTarget(flags.target);

/** Distinct random members of a space, as many as requested or all. */
function draw(space: SearchSpace, seed: number): readonly Configuration[] {
  const random = randomFor('bench', seed);
  const drawn = new Set<number>();
  while (drawn.size < Math.min(CONFIGURATIONS, space.size)) drawn.add(space.sample(random));
  return [...drawn].map((index) => space.at(index));
}

/** Seconds for one pass over configurations. */
function pass(kernel: Kernel, configurations: readonly Configuration[]): number {
  const began = process.cpuUsage();
  for (const configuration of configurations) simulateKernel(kernel, target, configuration);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

function rate(name: string) {
  const kernel = libraryKernel(name);
  const space = buildSpace(kernel, target);
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const configurations = draw(space, round);
    const seconds = pass(kernel, configurations);
    if (round > 0) rates.push(configurations.length / seconds);
  }
  return {
    what: `${name}: configurations per second`,
    value: Math.round(median(rates)),
    aim: 'at least 20000',
  };
}

/** Compares the time of the same configurations at both shapes, in turn. */
function growth() {
  const [small, large] = [SMALL, LARGE].map((points) => libraryKernel('gelu', [points]));
  const largeSpace = buildSpace(large, target);
  const shared = draw(buildSpace(small, target), 0).filter((configuration) => largeSpace.has(configuration));
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const ratio = pass(large, shared) / pass(small, shared);
    if (round > 0) ratios.push(ratio);
  }
  return {
    what: 'gelu: cost of 2^26 elements over 2^16',
    value: Number(median(ratios).toFixed(2)),
    aim: 'at most 1.5',
  };
}

const results = [rate('gelu'), rate('softmax'), growth()];
if (flags.format === 'json')
  console.log(JSON.stringify({ schemaVersion: 1, target: target.name, results }, null, 2));
else
  for (const { what, value, aim } of results)
    console.log(`${what.padEnd(42)} ${String(value).padStart(9)}   aim: ${aim}`);
