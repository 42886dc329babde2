import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Store } from '../../store/store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { knownOr } from '../attribution/gain.ts';
import type { Backend } from '../backend.ts';
import { machine, machineTime } from '../machine.fixture.ts';
import { searchStudy, visitStudy } from '../study.ts';
import { DEFAULT, memory, openMachineStudy, world } from '../visit.fixture.ts';
import type { World } from '../world.ts';

async function logOf(store: Store, id: string): Promise<readonly SettledTrial[]> {
  const log: SettledTrial[] = [];
  for await (const trial of store.trials(id)) log.push(trial);
  return log;
}

/** A noisy machine that drops the samples of configurations that satisfy a predicate. */
function disturbed(drops: (configuration: Configuration) => boolean): Backend {
  const calm = machine({ noise: 0.02, batchSize: 1 });
  return {
    ...calm,
    session: async (...asked) => {
      const session = await calm.session(...asked);
      const sample: typeof session.sample = async (variant, round) =>
        drops(variant.configuration) ? { state: 'dropped' } : session.sample(variant, round);
      return { ...session, sample };
    },
  };
}

async function visited(backend: Backend, trials: number, extra: Partial<World> = {}) {
  const store = await memory();
  const study = await openMachineStudy(store);
  const findings = await visitStudy(study, { trials }, world(store, backend, extra));
  return { log: await logOf(store, study.id), findings };
}

describe('screening on a noisy clock', () => {
  it('times the fastest in most rounds, and slower ones in few', async () => {
    const { log } = await visited(machine({ noise: 0.02, batchSize: 1 }), 80);
    const timed = log.filter((trial) => trial.state === 'timed').sort((a, b) => a.timeUs - b.timeUs);
    const rounds = timed.map(({ samplesUs }) => samplesUs.length);
    expect(Math.max(...rounds)).toBe(9);
    expect(rounds[0]).toBeGreaterThan(6);
    const slower = rounds.slice(Math.ceil(rounds.length / 2));
    expect(slower.filter((count) => count <= 3).length).toBeGreaterThan(slower.length / 2);
  });
});

describe('screening of long runs', () => {
  /** The machine with the cubes of its times, and the configurations in the order of their samples. */
  function slow(): { backend: Backend; sampled: Configuration[] } {
    const quick = machine({ noise: 0.02, batchSize: 1 });
    const sampled: Configuration[] = [];
    const backend: Backend = {
      ...quick,
      session: async (...asked) => {
        const session = await quick.session(...asked);
        const sample: typeof session.sample = async (variant, round) => {
          sampled.push(variant.configuration);
          const taken = await session.sample(variant, round);
          return taken.state === 'timed' ? { ...taken, timeUs: taken.timeUs ** 3 } : taken;
        };
        return { ...session, sample };
      },
    };
    return { backend, sampled };
  }

  it('runs a much faster trial beside the others in place of the default, and hopeless ones once', async () => {
    const { backend, sampled } = slow();
    const store = await memory();
    const study = await openMachineStudy(store);
    await searchStudy(study, { trials: 60 }, world(store, backend));
    const log = await logOf(store, study.id);
    const timesOfDefault = sampled.filter((one) => JSON.stringify(one) === JSON.stringify(DEFAULT)).length;
    expect(timesOfDefault).toBeLessThan(60);
    const timed = log.filter((trial) => trial.state === 'timed');
    const [first] = timed.filter(
      ({ configuration }) => machineTime(configuration) ** 3 * 4 < machineTime(DEFAULT) ** 3,
    );
    const later = timed.filter(({ number }) => number > first.number);
    // Times stay on the default's scale: its own clock decides, not which baseline ran beside.
    for (const { configuration, timeUs } of later)
      expect(Math.abs(timeUs / machineTime(configuration) ** 3 - 1)).toBeLessThan(0.4);
    const fastest = Math.min(
      ...timed.filter(({ subset }) => subset === 'vec+mt+db').map((one) => one.timeUs),
    );
    const hopeless = later.filter(({ subset, timeUs }) => subset === 'vec+mt+db' && timeUs > 4 * fastest);
    expect(hopeless.every(({ samplesUs }) => samplesUs.length === 1)).toBe(true);
  });
});

describe('a disturbed trial', () => {
  it('is repeated later, and strategies do not learn from it', async () => {
    let quiet = false;
    const asked: Configuration[] = [];
    const backend = disturbed((configuration) => {
      asked.push(configuration);
      quiet ||= asked.length > 250;
      return !quiet && configuration.threads === 4;
    });
    const { log, findings } = await visited(backend, 70);
    const disturbedTrials = log.filter((trial) => trial.state === 'invalid' && trial.reason === 'disturbed');
    expect(disturbedTrials.length).toBeGreaterThan(0);
    expect(findings.trials.invalid.disturbed).toBe(disturbedTrials.length);
    const repeated = log.filter(({ origin }) => origin === 'again');
    expect(repeated.some(({ state }) => state === 'timed')).toBe(true);
    for (const { number, configuration } of repeated) {
      const earlier = log.filter((trial) => trial.number < number).map((trial) => trial.configuration);
      expect(earlier).toContainEqual(configuration);
    }
  });

  it('is given up after three trials, and then the space counts as exhausted', async () => {
    const store = await memory();
    const study = await openMachineStudy(store);
    const backend = disturbed(({ threads }) => threads === 4);
    const { stoppedBy, warnings } = await visitStudy(study, {}, world(store, backend));
    expect(stoppedBy).toBe('exhausted');
    const log = await logOf(store, study.id);
    const trials = new Map<string, number>();
    for (const { configuration } of log.filter(({ configuration }) => configuration.threads === 4)) {
      const key = JSON.stringify(configuration);
      trials.set(key, (trials.get(key) ?? 0) + 1);
    }
    // The broken one fails before it is timed.
    expect([...trials.values()].toSorted()).toEqual([1, ...Array(trials.size - 1).fill(3)]);
    expect(warnings.join()).toMatch(/\d+ trials say nothing of their configuration/);
  });
});

describe('the final comparison', () => {
  it('times a default again that was always disturbed', async () => {
    let comparing = false;
    const quietLater = disturbed(
      (configuration) => !comparing && JSON.stringify(configuration) === JSON.stringify(DEFAULT),
    );
    const { log, findings } = await visited(quietLater, 60, {
      listen: ({ kind }) => {
        comparing ||= kind === 'comparing';
      },
    });
    expect(log.filter(({ state, origin }) => state === 'invalid' && origin === 'again')).toHaveLength(2);
    expect(knownOr(findings.gainOverDefault)?.value).toBeGreaterThan(1);
  });

  it('leaves out configurations that fail verification', async () => {
    const calm = machine({ noise: 0.02, batchSize: 1 });
    let comparing = false;
    const forgetful: Backend = {
      ...calm,
      verify: async ({ configuration }) => {
        return comparing && configuration.threads === 4
          ? { state: 'invalid', reason: 'correctness', message: 'wrong' }
          : { state: 'correct' };
      },
    };
    const { findings } = await visited(forgetful, 30, {
      listen: ({ kind }) => {
        comparing ||= kind === 'comparing';
      },
    });
    expect(findings.winner?.configuration.threads).not.toBe(4);
  });
});
