import type { Configuration } from '../../search-space/parameter.ts';
import { type Random, randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Memory } from '../../tuner/priors/memory.ts';
import type { Screen } from '../../tuner/study.ts';
import type { Kernel } from '../kernels/ir.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { simulate } from '../targets/npu/simulator/simulate.ts';

/** Configurations that are simulated before the first real trial: the whole of a small space. */
const MOST = 1000;
/** Of a larger one, also what lies around the fastest, again and again. */
const ROUNDS = 3;
const CLIMBERS = 10;

/** Tried before all others. */
const FAVOURITES = 4;
const APART = 2;

/** Every name of a memory that comes from a screen begins with it. */
const SCREEN = 'simulator ';

/**
 * What a simulated machine says of a kernel's space, remembered like the trials of a near study: the
 * real backend's own trials weigh it.
 */
export function screenMemory(kernel: Kernel, space: SearchSpace, machine: SimulatedTarget): Memory {
  const names = space.parameters.map(({ name }) => name);
  const timed = simulated(kernel, space, machine);
  return {
    study: `${SCREEN}${machine.name}`,
    names,
    rows: [...timed.keys()].map((index) => names.map((name) => space.at(index)[name])),
    logTimes: [...timed.values()].map(Math.log),
  };
}

/** The screen among what a study remembers; undefined for one that was not screened. */
export function screenIn(space: SearchSpace, memories: readonly Memory[]): Screen | undefined {
  const memory = memories.find(({ study }) => study.startsWith(SCREEN));
  if (memory === undefined) return undefined;
  return { machine: memory.study.slice(SCREEN.length), favourites: favouritesOf(space, memory) };
}

/** The fastest; of those that differ in fewer parameters than `APART` only the best. */
function favouritesOf(space: SearchSpace, { names, rows, logTimes }: Memory): readonly Configuration[] {
  const ranked = rows
    .map((row, place) => ({ row, time: logTimes[place] ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.time - b.time);
  const chosen: (typeof rows)[number][] = [];
  for (const { row } of ranked) {
    const isNew = chosen.every((other) => row.filter((value, n) => value !== other[n]).length >= APART);
    if (isNew) chosen.push(row);
    if (chosen.length === FAVOURITES) break;
  }
  const configurations = chosen.map((row) => Object.fromEntries(names.map((name, n) => [name, row[n]])));
  return configurations.filter((configuration) => space.has(configuration));
}

/** µs of members of the space by their index. */
function simulated(
  kernel: Kernel,
  space: SearchSpace,
  machine: SimulatedTarget,
): ReadonlyMap<number, number> {
  const timed = new Map<number, number>();
  const ask = (indices: Iterable<number>): void => {
    for (const index of indices) {
      if (!timed.has(index)) timed.set(index, simulate(kernel, machine, space.at(index)).timeUs);
    }
  };
  ask(space.size <= MOST ? Array(space.size).keys() : drawn(space, randomFor('screen', space.hash)));
  for (let round = 0; round < ROUNDS && timed.size < space.size; round++) {
    const fastest = [...timed].sort((a, b) => a[1] - b[1]).slice(0, CLIMBERS);
    ask(fastest.flatMap(([index]) => space.neighbours(index, 'hamming')));
  }
  return timed;
}

function drawn(space: SearchSpace, random: Random): readonly number[] {
  return Array.from({ length: MOST }, () => space.sample(random));
}
