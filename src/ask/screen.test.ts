import { describe, expect, it } from 'vitest';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Memory } from '../../tuner/priors/memory.ts';
import { strategies } from '../../tuner/strategies/registry.ts';
import { searchStudy } from '../../tuner/study.ts';
import { findLibraryKernel } from '../kernels/library.ts';
import { hostMachine } from '../targets/npu/simulator/host/host.fixture.ts';
import { simulatedTarget } from '../targets/npu/target.ts';
import { screenMemory } from './screen.ts';
import { openStudy } from './study-request.ts';

const clock = { now: () => 1, elapsed: () => 0 };
const kernel = findLibraryKernel('gelu').build([2 ** 16], 'f32');
/** The machine that decides is simulated too, so that its times repeat; another one screens for it. */
const target = simulatedTarget(hostMachine({ forkJoinUs: 3 }));
const machine = hostMachine();
const [strategy] = strategies;

type Screen = (space: SearchSpace) => Promise<Memory>;
const honest: Screen = async (space) => screenMemory(kernel, space, machine);
/** Takes the slow for fast. */
const misleading: Screen = async (space) => {
  const memory = await honest(space);
  return { ...memory, logTimes: memory.logTimes.map((time) => (time === null ? null : -time)) };
};

function store(): Promise<Store> {
  return openStore(IN_MEMORY, { mode: 'write', clock, writer: { role: 'test' } });
}

async function visit(into: Store, trials: number, screen?: Screen): Promise<readonly SettledTrial[]> {
  const request = { kernel, kernelSource: 'library', target, strategy, seed: 1, values: {}, start: [] };
  const study = await openStudy({ ...request, ...(screen && { screen }) }, into, 'test');
  const backend = await target.backend(kernel, study.space);
  const { signal } = new AbortController();
  const around = { clock, signal, listen: () => {}, toolVersion: 'test', environment: {} };
  const searched = await searchStudy(study, { trials }, { store: into, backend, ...around });
  const { visit: visited, stoppedBy, activeMs, log } = searched;
  await into.endVisit(visited.id, { stoppedBy, activeMs });
  await backend.close();
  return log;
}

const bestOf = (log: readonly SettledTrial[]): number =>
  Math.min(...log.map((trial) => (trial.state === 'timed' ? trial.timeUs : Number.POSITIVE_INFINITY)));

describe('a screened study', () => {
  it('tries what the simulator thinks fast right after the default, and so finds it at once', async () => {
    const log = await visit(await store(), 32, honest);
    expect(log.slice(0, 5).map(({ origin }) => origin)).toEqual(['default', ...Array(4).fill('prior')]);
    expect(bestOf(log.slice(0, 5))).toBeLessThan(1.05 * bestOf(await visit(await store(), 200)));
  });

  it('goes on as it would have, though nobody screens it again', async () => {
    const [whole, halves] = [await store(), await store()];
    const undisturbed = await visit(whole, 64, honest);
    await visit(halves, 32, honest);
    const continued = await visit(halves, 32);
    expect(continued.map(({ configuration }) => configuration)).toEqual(
      undisturbed.map(({ configuration }) => configuration),
    );
  });

  it('gets over a simulator that has it upside down', async () => {
    const best = bestOf(await visit(await store(), 200));
    expect(bestOf(await visit(await store(), 200, misleading))).toBeLessThan(1.05 * best);
  });
});
