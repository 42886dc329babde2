import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';

/** Spaces of at most so many configurations are simulated completely. */
const WHOLE = 10_000;
/** Of larger ones, so many that are spread evenly, and the neighbours of the best of them. */
const SPREAD = 4096;
const CLIMBS = 3;

/** The fastest configuration that was found. Times in µs. */
export type SimulatedBest = Readonly<{
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
    if (!this.#space.has(configuration)) return Number.POSITIVE_INFINITY;
    return simulateKernel(this.#kernel, this.#machine, configuration).timeUs;
  }

  /** The fastest; of a large space the fastest that was found, at least as fast as each of `known`. */
  best(known: readonly Configuration[]): SimulatedBest {
    const { size } = this.#space;
    const isWhole = size <= WHOLE;
    const count = isWhole ? size : SPREAD;
    const spread = Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
    const given = known.map((each) => this.#space.indexOf(each)).filter((index) => index >= 0);
    const ranked = [...new Set([...given, ...spread])].map((index) => this.#timed(index)).sort(byTime);
    const [best] = isWhole
      ? ranked
      : ranked
          .slice(0, CLIMBS)
          .map((start) => this.#climb(start))
          .sort(byTime);
    return { configuration: this.#space.at(best.index), timeUs: best.timeUs, size, isWhole };
  }

  /** Goes to the best neighbour until none is faster. */
  #climb(start: Timed): Timed {
    let best = start;
    for (;;) {
      const [next] = this.#space
        .neighbours(best.index, 'adjacent')
        .map((index) => this.#timed(index))
        .sort(byTime);
      if (next === undefined || next.timeUs >= best.timeUs) return best;
      best = next;
    }
  }

  #timed(index: number): Timed {
    return { index, timeUs: simulateKernel(this.#kernel, this.#machine, this.#space.at(index)).timeUs };
  }
}

type Timed = Readonly<{ index: number; timeUs: number }>;

/** Of equal times the first in the space: the same on each run. */
function byTime(a: Timed, b: Timed): number {
  return a.timeUs - b.timeUs || a.index - b.index;
}
