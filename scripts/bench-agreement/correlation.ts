import type { Configuration } from '../../search-space/parameter.ts';
import { permutation, type Random, randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import type { Target } from '../../src/targets/_base.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import { simulate } from '../../src/targets/npu/simulator/simulate.ts';
import type { Backend, Variant } from '../../tuner/backend.ts';
import { quantile } from '../../tuner/measurement/statistics.ts';

const ROUNDS = 8;
const signal = new AbortController().signal;

/** One configuration, as the simulator and as the machine has it. */
export type Pair = Readonly<{ configuration: Configuration; simulatedUs: number; measuredUs: number }>;

/**
 * Random configurations of a kernel's whole space, simulated, and measured in interleaved rounds: the
 * lower quartile of each. Those of which no sample was undisturbed are left out.
 */
export async function pairsOf(
  kernel: Kernel,
  target: Target,
  machine: SimulatedTarget,
  count: number,
  seed: number,
): Promise<readonly Pair[]> {
  const space = target.space(kernel);
  const backend = await target.backend(kernel, space);
  const variants = await prepared(backend, drawn(space, count, randomFor('agreement', kernel.name, seed)));
  const session = await backend.session(variants, signal);
  const samples = variants.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const place of permutation(randomFor('agreement', kernel.name, round), variants.length)) {
      const sample = await session.sample(variants[place], round);
      if (sample.state === 'timed') samples[place].push(sample.timeUs);
    }
  }
  await backend.close();
  return variants.flatMap(({ configuration }, place) => {
    if (samples[place].length === 0) return [];
    const simulatedUs = simulate(kernel, machine, configuration).timeUs;
    return [{ configuration, simulatedUs, measuredUs: quantile(samples[place], 0.25) }];
  });
}

function drawn(space: SearchSpace, count: number, random: Random): readonly Configuration[] {
  const found = new Set<number>();
  while (found.size < Math.min(count, space.size)) found.add(space.sample(random));
  return [...found].map((index) => space.at(index));
}

async function prepared(
  backend: Backend,
  configurations: readonly Configuration[],
): Promise<readonly Variant[]> {
  const variants: Variant[] = [];
  for (const configuration of configurations) {
    const made = await backend.prepare({ configuration, subset: 'bench', origin: 'bench' }, signal);
    if (made.state === 'invalid') throw new Error(made.message);
    const verdict = await backend.verify(made.variant, signal);
    if (verdict.state === 'invalid') throw new Error(verdict.message);
    variants.push(made.variant);
  }
  return variants;
}

/** Spearman's rank correlation; ties share their mean rank. NaN for fewer than three pairs. */
export function spearman(pairs: readonly Pair[]): number {
  if (pairs.length < 3) return Number.NaN;
  const a = ranks(pairs.map(({ simulatedUs }) => simulatedUs));
  const b = ranks(pairs.map(({ measuredUs }) => measuredUs));
  const mean = (pairs.length - 1) / 2;
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, place) => sum + (value - mean) * (y[place] - mean), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

function ranks(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}
