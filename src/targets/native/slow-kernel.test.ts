import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../search-space/parameter.ts';
import { normal, randomFor } from '../../../search-space/random.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Backend } from '../../../tuner/backend.ts';
import type { StudyEvent } from '../../../tuner/events.ts';
import { median } from '../../../tuner/measurement/statistics.ts';
import { defaultStrategy } from '../../../tuner/strategies/default.ts';
import { visitStudy } from '../../../tuner/study.ts';
import { memory, openMachineStudy, world } from '../../../tuner/visit.fixture.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { nativeDefault } from './default.ts';
import { hasCompiler, hostHere } from './machine-here.fixture.ts';
import { nativeRivals } from './rivals.ts';
import { buildNativeSpace } from './space.ts';

/** A clock that only the machine advances. Milliseconds. */
class MachineClock {
  nowMs = 0;
  now = (): number => Math.round(this.nowMs);
  elapsed = (): number => this.nowMs;
}

type Machine = Readonly<{ scalarMs: number; memoryMs: number; cores: number }>;

/** Scalar code on one thread takes `scalarMs`; the memory allows nothing below `memoryMs` over eight threads. */
function timeMs({ scalarMs, memoryMs, cores }: Machine, configuration: Configuration): number {
  const of = (name: string, otherwise: number): number => Number(configuration[name] ?? otherwise);
  const threads = Math.min(of('threads', 1), cores);
  const detail = 1 + 0.2 * randomFor(JSON.stringify({ ...configuration, threads: 0, lanes: 0 }))();
  const computed =
    scalarMs / ((configuration.autoVector === true ? 4 : of('lanes', 1)) ** 0.8 * threads ** 0.95);
  return detail * Math.max(computed, memoryMs / Math.min(8, threads)) + 0.02 * threads;
}

function backend(machine: Machine, clock: MachineClock): Backend {
  return {
    provenance: 'native',
    timing: { kind: 'noisy' },
    batchSize: 1,
    prepare: async ({ configuration }) => {
      clock.nowMs += 150;
      return { state: 'ready', variant: { configuration, handle: null } };
    },
    verify: async ({ configuration }) => {
      clock.nowMs += timeMs(machine, configuration);
      return { state: 'correct' };
    },
    session: async () => ({
      sample: async ({ configuration }) => {
        const ms = timeMs(machine, configuration) * Math.exp(0.02 * normal(randomFor('noise', clock.nowMs)));
        clock.nowMs += ms;
        return { state: 'timed', timeUs: 1000 * ms };
      },
      environment: () => ({}),
      close: async () => {},
    }),
    close: async () => {},
  };
}

async function visited(space: SearchSpace, machine: Machine, seed: number) {
  const clock = new MachineClock();
  const store = await memory();
  const study = {
    ...(await openMachineStudy(store, { space, default: nativeDefault(space), rivals: nativeRivals(space) })),
    strategy: defaultStrategy,
    seed,
  };
  const threads: unknown[] = [];
  const listen = (event: StudyEvent): void => {
    if (event.kind === 'settled')
      threads.push(...event.trials.map(({ configuration }) => configuration.threads));
  };
  const { best } = await visitStudy(
    study,
    { forMs: 30_000 },
    world(store, backend(machine, clock), { clock, listen }),
  );
  await store.close();
  const bestMs = best === null ? Number.POSITIVE_INFINITY : timeMs(machine, best.configuration);
  return { first: threads.slice(0, 6), bestMs };
}

/** The best of many random members. */
function goodMs(space: SearchSpace, machine: Machine): number {
  const random = randomFor('good');
  const drawn = Array.from({ length: 5000 }, () => timeMs(machine, space.at(space.sample(random))));
  return Math.min(...drawn);
}

const KERNELS = [
  { kernel: libraryKernel('matmul', [1024, 1024, 1024]), scalarMs: 2000, memoryMs: 1 },
  { kernel: libraryKernel('vector-add', [2 ** 25]), scalarMs: 60, memoryMs: 40 },
];

describe.skipIf(!hasCompiler)('a study of a slow kernel, 30 s long', () => {
  it.each([16, 128].flatMap((cores) => KERNELS.map((each) => ({ ...each, cores }))))(
    'tries several threads in its first six trials, and in the median finds what is fast: $kernel.name on $cores cores',
    async ({ kernel, ...machine }) => {
      const space = buildNativeSpace(kernel, await hostHere(machine.cores));
      const found: number[] = [];
      for (const seed of [1, 2, 3]) {
        const { first, bestMs } = await visited(space, machine, seed);
        expect(new Set(first).size).toBeGreaterThan(1);
        found.push(bestMs);
      }
      expect(median(found)).toBeLessThan(1.1 * goodMs(space, machine));
    },
  );
});
