import type { Configuration, Parameter } from '../search-space/parameter.ts';
import { normal, type Random, randomFor } from '../search-space/random.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import { tableSpace } from '../search-space/table-space.ts';
import type { Backend, Prepared, Sample, TimingSession } from './backend.ts';

/** A small machine with all three mechanisms, whose times are a formula, for tests with known results. */
export const PARAMETERS: readonly Parameter[] = [
  { name: 'lanes', kind: 'ordinal', tag: 'vec', values: [1, 4, 8], off: 1 },
  { name: 'threads', kind: 'ordinal', tag: 'mt', values: [1, 2, 4], off: 1 },
  {
    name: 'staging',
    kind: 'categorical',
    tag: 'schedule',
    values: ['direct', 'dma'],
    serves: { mechanism: 'db', values: ['dma'] },
  },
  { name: 'buffers', kind: 'ordinal', tag: 'db', values: [1, 2], off: 1 },
  { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [0, 1, 2, 3, 4] },
];

/** Direct staging pins tile and buffers, so that no configuration exists twice. */
export function machineSpace(parameters = PARAMETERS): SearchSpace {
  const rows = [];
  for (const lanes of [1, 4, 8])
    for (const threads of [1, 2, 4]) {
      rows.push([lanes, threads, 'direct', 1, 0]);
      for (const buffers of [1, 2])
        for (const tile of [1, 2, 3, 4]) rows.push([lanes, threads, 'dma', buffers, tile]);
    }
  return tableSpace(parameters, rows);
}

/** Microseconds. `set` changes the machine a little, as an accepted parameter set does. */
export function machineTime(configuration: Configuration, set = 0): number {
  const [lanes, threads, buffers, tile] = ['lanes', 'threads', 'buffers', 'tile'].map((name) =>
    Number(configuration[name]),
  );
  const compute = 800 / lanes ** 0.9 / threads + 3 * threads;
  const transfer = configuration.staging === 'dma' ? 90 + 5 * set + 12 * (tile - 2) ** 2 : 160;
  return buffers === 2 ? Math.max(compute, transfer) + 10 : compute + transfer;
}

export const BROKEN: Configuration = { lanes: 8, threads: 4, staging: 'dma', buffers: 2, tile: 4 };

type Machine = Readonly<{ sets?: number; noise?: number; batchSize?: number; seed?: number }>;

/** Exact with a number of parameter sets, or noisy. One configuration always fails. */
export function machine({ sets = 4, noise, batchSize = 4, seed = 1 }: Machine = {}): Backend {
  const random = randomFor('machine', seed);
  return {
    provenance: 'simulator',
    timing: noise === undefined ? { kind: 'exact', rounds: sets } : { kind: 'noisy' },
    batchSize,
    prepare: async ({ configuration }) => prepared(configuration),
    verify: async () => ({ state: 'correct' }),
    session: async () => sessionOf(noise, random),
    close: async () => {},
  };
}

function prepared(configuration: Configuration): Prepared {
  const broken = Object.entries(BROKEN).every(([name, value]) => configuration[name] === value);
  return broken
    ? { state: 'invalid', reason: 'compile', message: 'broken on purpose' }
    : { state: 'ready', variant: { configuration, handle: null } };
}

function sessionOf(noise: number | undefined, random: Random): TimingSession {
  const sample = (configuration: Configuration, round: number): Sample => {
    if (noise === undefined) return { state: 'timed', timeUs: machineTime(configuration, round) };
    if (random() < 0.05) return { state: 'dropped' };
    return {
      state: 'timed',
      timeUs: machineTime(configuration) * Math.exp(noise * Math.abs(normal(random))),
    };
  };
  return {
    sample: async ({ configuration }, round) => sample(configuration, round),
    environment: () => ({ load: 0 }),
    close: async () => {},
  };
}
