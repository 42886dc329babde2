import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { fastestFrom } from '../../../tuner/attribution/polish.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';

/** Members, spread evenly over the space, that the search starts from. */
const SPREAD = 512;

/** The fastest configuration that was found. Times in µs. */
export type Winner = Readonly<{
  configuration: Configuration;
  timeUs: number;
  /** How many configurations the space has, and whether all of them were simulated. */
  size: number;
  isWhole: boolean;
}>;

/** A kernel's time on a simulated machine; infinite for a configuration that is not possible there. */
export class SimulatedSpace {
  readonly #kernel: Kernel;
  readonly #machine: SimulatedTarget;
  readonly #space: SearchSpace;

  constructor(kernel: Kernel, machine: SimulatedTarget) {
    this.#kernel = kernel;
    this.#machine = machine;
    this.#space = buildSpace(kernel, machine);
  }

  timeUs(configuration: Configuration): number {
    return this.#space.has(configuration) ? this.#simulated(configuration) : Number.POSITIVE_INFINITY;
  }

  /** The fastest that was found, at least as fast as each of `known`. */
  best(known: readonly Configuration[]): Winner {
    const { size } = this.#space;
    const count = Math.min(size, SPREAD);
    const spread = Array.from({ length: count }, (_, i) => this.#space.at(Math.floor((i * size) / count)));
    const starts = [...known, ...spread];
    const { best, computed } = fastestFrom(this.#space, starts, (each) => this.#simulated(each));
    if (best === undefined) throw new Error('a space without a member');
    return { ...best, size, isWhole: computed === size };
  }

  #simulated(configuration: Configuration): number {
    return simulateKernel(this.#kernel, this.#machine, configuration).timeUs;
  }
}
