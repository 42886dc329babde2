import { defineSpace } from '../../search-space/define-space.ts';
import { integerBelow, type Random, randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { type SIMULATED_METRICS, simulatorBackend } from '../../src/targets/npu/backend.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../../src/targets/npu/simulator/simulate.ts';
import { simulatedTarget } from '../../src/targets/npu/target.ts';
import type { Values } from '../../tuner/objectives/front.ts';

/** Several objectives over a space; undefined where a member fails. */
export type Problem = Readonly<{
  name: string;
  space: SearchSpace;
  valuesAt: (index: number) => Values | undefined;
}>;

/** What the front looks like, each drawn by a seed. */
export const FAMILIES = Object.freeze(['convex', 'concave', 'disconnected', 'products'] as const);
export type Family = (typeof FAMILIES)[number];

export function madeUp(family: Family, seed: number): Problem {
  const random = randomFor(seed, family);
  const sizes = Array.from({ length: 6 + integerBelow(random, 3) }, () => 3 + integerBelow(random, 5));
  const parameters = sizes.map((size, n) => ({
    name: `p${n}`,
    kind: random() < 0.7 ? ('ordinal' as const) : ('categorical' as const),
    tag: 'schedule' as const,
    values: Array.from({ length: size }, (_, i) => i),
  }));
  const space = defineSpace(parameters, []);
  const at = family === 'products' ? products(sizes, random) : shaped(family, sizes, random);
  const failing = random() < 0.5 ? failures(sizes, random) : () => false;
  const name = `${family} ${seed}`;
  return {
    name,
    space,
    valuesAt: (index) => {
      const digits = space.digitsAt(index);
      return failing(digits) ? undefined : at(digits);
    },
  };
}

/** ZDT 1 to 3 (Zitzler, Deb, Thiele 2000) on a grid: two parameters trade, the others have an optimum somewhere. */
function shaped(family: Exclude<Family, 'products'>, sizes: readonly number[], random: Random) {
  const orders = sizes.map((size) => shuffledSome(size, random));
  const optima = sizes.map(() => random());
  const rough = roughness(sizes, random, 0.05);
  return (digits: Int32Array): Values => {
    const u = sizes.map((size, n) => orders[n][digits[n]] / (size - 1));
    const first = (u[0] * sizes[0] + u[1]) / (sizes[0] + 1);
    const rest = u.slice(2).map((value, n) => Math.abs(value - optima[n + 2]));
    const g = 1 + (4 * rest.reduce((sum, value) => sum + value, 0)) / rest.length;
    const share = first / g;
    const h =
      family === 'convex'
        ? 1 - Math.sqrt(share)
        : family === 'concave'
          ? 1 - share ** 2
          : 2 - Math.sqrt(share) - share * Math.sin(10 * Math.PI * first);
    return [(0.1 + first) * rough(digits, 0), (0.1 + g * h) * rough(digits, 1)];
  };
}

/** Products of effects of one and of two parameters, as times are; the second is drawn against the first. */
function products(sizes: readonly number[], random: Random) {
  const own = [0, 1].map(() => sizes.map((size) => Array.from({ length: size }, () => random() - 0.5)));
  const pairs = Array.from({ length: sizes.length }, () => {
    const [a, b] = [integerBelow(random, sizes.length), integerBelow(random, sizes.length)];
    return {
      a,
      b,
      table: [0, 1].map(() => Array.from({ length: sizes[a] * sizes[b] }, () => random() - 0.5)),
    };
  });
  const against = random();
  return (digits: Int32Array): Values => {
    const logs = [0, 1].map((objective) => {
      const single = digits.reduce((sum, digit, n) => sum + own[objective][n][digit], 0);
      return pairs.reduce(
        (sum, { a, b, table }) => sum + table[objective][digits[a] * sizes[b] + digits[b]],
        single,
      );
    });
    return [Math.exp(logs[0]), Math.exp(logs[1] - against * logs[0])];
  };
}

function shuffledSome(size: number, random: Random): readonly number[] {
  const order = Array.from({ length: size }, (_, i) => i);
  if (random() < 0.6) return order;
  const swap = integerBelow(random, size);
  [order[0], order[swap]] = [order[swap], order[0]];
  return order;
}

function roughness(sizes: readonly number[], random: Random, height: number) {
  const seed = integerBelow(random, 1_000_000);
  return (digits: Int32Array, objective: number): number =>
    1 +
    height *
      randomFor(
        seed,
        objective,
        sizes.reduce((sum, size, n) => sum * size + digits[n], 0),
      )();
}

/** One combination of two parameters fails. */
function failures(sizes: readonly number[], random: Random) {
  const [a, b] = [integerBelow(random, sizes.length), integerBelow(random, sizes.length)];
  const limit = 0.5 + 0.5 * random();
  return (digits: Int32Array): boolean => digits[a] / (sizes[a] - 1) + digits[b] / (sizes[b] - 1) > 2 * limit;
}

/** The simulator's time against what it knows besides. */
export async function simulated(
  kernelName: string,
  targetName: string,
  metrics: readonly (typeof SIMULATED_METRICS)[number][],
): Promise<Problem> {
  const machine = loadTarget(targetName);
  const kernel = libraryKernel(kernelName);
  const space = simulatedTarget(machine).space(kernel);
  const { timing } = simulatorBackend({ kernel, target: machine, space });
  const known = new Map<number, Values>();
  return {
    name: `${kernelName} on ${targetName}: time, ${metrics.join(', ')}`,
    space,
    valuesAt: (index) => {
      const before = known.get(index);
      if (before !== undefined) return before;
      const configuration = space.at(index);
      const { timeUs } = simulateKernel(kernel, machine, configuration);
      const measured = timing.kind === 'exact' ? timing.metrics?.(configuration) : undefined;
      const values = [timeUs, ...metrics.map((name) => measured?.[name] ?? 0)];
      known.set(index, values);
      return values;
    },
  };
}
