import { expect, it } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import { normal, randomFor } from '../../search-space/random.ts';
import type { Budget } from '../../store/records.ts';
import type { Backend, Sampling } from '../backend.ts';
import { machine, machineSpace, machineTime } from '../machine.fixture.ts';
import { visitStudy } from '../study.ts';
import { memory, openMachineStudy, world } from '../visit.fixture.ts';
import { median } from './statistics.ts';

/** Milliseconds of an execution, whatever it times. */
const EXECUTION_MS = 100;
const USUAL_MS = 12_000;
const SEEDS = Object.freeze([1, 2, 3, 4, 5]);
const space = machineSpace();
const fastestUs = Math.min(...Array.from({ length: space.size }, (_, index) => truth(space.at(index))));

/** Microseconds. */
function truth(configuration: Configuration): number {
  return machineTime(configuration);
}

type Machine = Readonly<{ scatter: number; sampling?: Sampling; seed: number; slowdown?: number }>;

/** A visit to a machine whose true times are known, on the clock of its executions. */
async function visited({ scatter, sampling, seed, slowdown = 0 }: Machine, budget: Budget) {
  let now = 0;
  let executions = 0;
  const each: number[] = [];
  const random = randomFor('execution-screening.test', seed);
  const device: Backend = {
    ...machine({ noise: 0, batchSize: 1 }),
    timing: { kind: 'noisy', ...(sampling !== undefined && { sampling }) },
    session: async () => ({
      sample: async ({ configuration }) => {
        now += EXECUTION_MS;
        executions++;
        const drift = 1 + slowdown * Math.min(1, now / USUAL_MS);
        const timeUs = truth(configuration) * Math.exp(scatter * normal(random)) * drift;
        return { state: 'timed', timeUs };
      },
      environment: () => ({}),
      close: async () => {},
    }),
  };
  const store = await memory();
  const study = await openMachineStudy(store, { seed });
  let settled = 0;
  const listen = ({ kind }: { kind: string }): void => {
    if (kind !== 'settled') return;
    each.push(executions - settled);
    settled = executions;
  };
  const clock = { now: () => now, elapsed: () => now };
  const findings = await visitStudy(study, budget, world(store, device, { clock, listen }));
  const { winner } = findings;
  if (winner === null) throw new Error('nothing was found');
  return { each, lossOfWinner: truth(winner.configuration) / fastestUs - 1 };
}

async function overSeeds(machineOf: Omit<Machine, 'seed'>, budget: Budget = { forMs: USUAL_MS }) {
  const visits = [];
  for (const seed of SEEDS) visits.push(await visited({ ...machineOf, seed }, budget));
  return {
    executions: median(visits.map(({ each }) => median(each))),
    loss: visits.reduce((sum, { lossOfWinner }) => sum + lossOfWinner, 0) / visits.length,
  };
}

it.each([
  { scatter: 0.01, most: 2 },
  { scatter: 0.05, most: 4 },
])(
  'at a scatter of $scatter takes a median of at most $most executions a trial, and finds no worse winner than rounds do',
  async ({ scatter, most }) => {
    const byRank = await overSeeds({ scatter, sampling: { kind: 'by rank' } });
    const inRounds = await overSeeds({ scatter });
    expect(byRank.executions).toBeLessThanOrEqual(most);
    expect(inRounds.executions).toBeGreaterThan(most);
    expect(byRank.loss).toBeLessThanOrEqual(inRounds.loss);
  },
);

it.each([0.01, 0.05])('of as many trials finds as good a winner, at a scatter of %d', async (scatter) => {
  const byRank = await overSeeds({ scatter, sampling: { kind: 'by rank' } }, { trials: 60 });
  const inRounds = await overSeeds({ scatter }, { trials: 60 });
  expect(byRank.loss).toBeLessThanOrEqual(inRounds.loss + 0.01);
});

it('finds the winner also on a machine that becomes slower while it is searched', async () => {
  const byRank = await overSeeds({ scatter: 0.01, sampling: { kind: 'by rank' }, slowdown: 0.4 });
  const inRounds = await overSeeds({ scatter: 0.01, slowdown: 0.4 });
  expect(byRank.loss).toBeLessThan(inRounds.loss);
  expect(byRank.loss).toBeLessThan(0.05);
});

it('takes a fixed number of samples, or as many as a precision needs', async () => {
  const fixed = await visited(
    { scatter: 0.05, sampling: { kind: 'count', count: 4 }, seed: 1 },
    { forMs: 12_000 },
  );
  expect(median(fixed.each)).toBe(4);
  const precise = async (scatter: number) => {
    const sampling = { kind: 'precision', share: 0.05 } as const;
    return median((await visited({ scatter, sampling, seed: 1 }, { forMs: 24_000 })).each);
  };
  expect(await precise(0.001)).toBe(5);
  expect(await precise(0.05)).toBeGreaterThan(5);
});

it('keeps the time of a configuration where a later run fails, and says so; not where it goes on failing', async () => {
  const store = await memory();
  const study = await openMachineStudy(store);
  const runs = new Map<string, number>();
  const device: Backend = {
    ...machine({ noise: 0, batchSize: 1 }),
    timing: { kind: 'noisy', sampling: { kind: 'count', count: 5 } },
    session: async () => ({
      sample: async ({ configuration }) => {
        const key = JSON.stringify(configuration);
        const run = (runs.get(key) ?? 0) + 1;
        runs.set(key, run);
        const fails = configuration.threads === 2 ? run >= 2 : run === 2;
        if (fails) return { state: 'invalid', reason: 'runtime', message: 'device lost' };
        return { state: 'timed', timeUs: truth(configuration) };
      },
      environment: () => ({}),
      close: async () => {},
    }),
  };
  const { warnings } = await visitStudy(study, { trials: 30 }, world(store, device));
  const log = [];
  for await (const trial of store.trials(study.id)) log.push(trial);
  const failing = log.filter(({ configuration }) => configuration.threads === 2);
  expect(failing.length).toBeGreaterThan(0);
  expect(failing.every(({ state }) => state === 'invalid')).toBe(true);
  const others = log.filter(({ configuration }) => configuration.threads !== 2);
  expect(others.filter(({ state }) => state === 'timed').length).toBeGreaterThan(others.length / 2);
  expect(warnings.join()).toMatch(/\d+ runs failed \(the last: device lost\)/);
});
