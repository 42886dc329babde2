import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { TimedPoint } from '../../../tuner/attribution/known-times.ts';
import { fastestFrom } from '../../../tuner/attribution/polish.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';
import { asFast, bestAmong } from './stays-best.ts';

/** Members, spread evenly over the space, that the search starts from. */
const SPREAD = 512;

/** The fastest that were found. Times in µs. */
export type Fastest = Readonly<{
  timeUs: number;
  /** All that are as fast. */
  alike: readonly TimedPoint[];
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

  /** The fastest that were found, at least as fast as each of `known`. */
  fastest(known: readonly Configuration[]): Fastest {
    const { size } = this.#space;
    const count = Math.min(size, SPREAD);
    const spread = Array.from({ length: count }, (_, i) => this.#space.at(Math.floor((i * size) / count)));
    const starts = [...known, ...spread];
    const found = fastestFrom(this.#space, starts, (each) => this.#simulated(each));
    if (found.best === undefined) throw new Error('a space without a member');
    return { timeUs: found.best.timeUs, alike: asFast(found.known), size, isWhole: found.computed === size };
  }

  /** The best of what was found fastest, where `until` was it until now. */
  best({ alike }: Fastest, until: Configuration | undefined): TimedPoint {
    const kept = until === undefined ? [] : [{ configuration: until, timeUs: this.timeUs(until) }];
    const best = bestAmong([...kept, ...alike], until);
    if (best === undefined) throw new Error('nothing is possible in a space that was searched');
    return { configuration: best.configuration, timeUs: best.timeUs };
  }

  #simulated(configuration: Configuration): number {
    return simulateKernel(this.#kernel, this.#machine, configuration).timeUs;
  }
}
