import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../search-space/parameter.ts';
import { SUBSETS, subsetName } from '../search-space/restriction.ts';
import type { Store } from '../store/store.ts';
import { isKnown, knownOr } from './attribution/gain.ts';
import { subspacesOf } from './attribution/subspaces.ts';
import { type Backend, disturbed } from './backend.ts';
import type { StudyEvent } from './events.ts';
import { BROKEN, machine, machineSpace, machineTime } from './machine.fixture.ts';
import { visitStudy } from './study.ts';
import { DEFAULT, memory, openMachineStudy, world } from './visit.fixture.ts';

const space = machineSpace();
const subspaces = await subspacesOf(space);

/** The fastest time in a subspace by exhaustive search. */
function truth(subspace: string): number {
  const found = subspaces.all.find(({ name }) => name === subspace);
  if (found === undefined) throw new Error(`no subspace ${subspace}`);
  const times = Array.from({ length: found.space.size }, (_, i) => found.space.at(i))
    .filter((configuration) => JSON.stringify(configuration) !== JSON.stringify(BROKEN))
    .map((configuration) => machineTime(configuration));
  return Math.min(...times);
}

async function trialsOf(store: Store, id: string) {
  const trials = [];
  for await (const { number, configuration, subset, origin, state } of store.trials(id)) {
    trials.push({ number, configuration, subset, origin, state });
  }
  return trials;
}

const TIME_OVER = {
  unknown: 'not tried',
  why: 'the time was over before one configuration was timed: a larger budget is needed',
};

describe('a visit without limits', () => {
  it('tries every configuration once and reports the true gains of each mechanism', async () => {
    const store = await memory();
    const study = await openMachineStudy(store);
    const findings = await visitStudy(study, {}, world(store, machine()));

    expect(findings.stoppedBy).toBe('exhausted');
    expect(findings.trials.timed + findings.trials.invalid.compile).toBe(space.size);
    expect(findings.trials.invalid).toEqual({
      timeout: 0,
      compile: 1,
      runtime: 0,
      correctness: 0,
      constraints: 0,
      disturbed: 0,
    });

    const all = truth('vec+mt+db');
    expect(findings.winner?.timeUs).toBeCloseTo(all, 9);
    expect(knownOr(findings.gainOverDefault)?.value).toBeCloseTo(machineTime(DEFAULT) / all, 9);
    expect(knownOr(findings.ladder)?.map(({ rung, timeUs }) => [rung, timeUs])).toEqual(
      ['scalar', 'vec', 'vec+mt', 'vec+mt+db'].map((rung) => [rung, truth(rung)]),
    );
    expect(knownOr(findings.gains.vec?.alone)?.value).toBeCloseTo(truth('scalar') / truth('vec'), 9);
    expect(knownOr(findings.gains.mt?.leftOut)?.value).toBeCloseTo(truth('vec+db') / all, 9);
    expect(knownOr(findings.gains.db?.forced)?.value).toBeCloseTo(truth('vec+mt') / truth('db forced'), 9);
    expect(knownOr(findings.gains.db?.parts?.service)?.value).toBeCloseTo(
      truth('db unserved') / truth('vec+mt'),
      9,
    );
    expect(knownOr(findings.gains.mt?.unserved)?.value).toBeCloseTo(
      truth('db unserved, no mt') / truth('db unserved'),
      9,
    );
    const shares = (['vec', 'mt', 'db'] as const).map(
      (mechanism) => knownOr(findings.gains[mechanism]?.shapleyShare)?.value ?? Number.NaN,
    );
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });

  it('gives each gain the range over the accepted parameter sets', async () => {
    const store = await memory();
    const findings = await visitStudy(await openMachineStudy(store), {}, world(store, machine({ sets: 6 })));
    const [before, after] = [findings.default, findings.winner];
    if (before === null || after === null) throw new Error('nothing found');
    const ratios = [0, 1, 2, 3, 4, 5].map(
      (set) => machineTime(before.configuration, set) / machineTime(after.configuration, set),
    );
    expect(findings.gainOverDefault).toEqual({
      value: ratios[0],
      low: Math.min(...ratios),
      high: Math.max(...ratios),
      parts: { machine: { low: Math.min(...ratios), high: Math.max(...ratios) } },
    });
  });

  it('never reports a gain of a permitted mechanism below 1, for any parameter set', async () => {
    const store = await memory();
    const findings = await visitStudy(await openMachineStudy(store), {}, world(store, machine({ sets: 40 })));
    const permitted = [
      ...(knownOr(findings.ladder) ?? [])
        .slice(1)
        .flatMap((rung) => [rung.gainOverPrevious, rung.gainOverScalar]),
      ...Object.values(findings.gains).flatMap((gains) => [gains.alone, gains.leftOut]),
    ];
    expect(permitted.length).toBeGreaterThan(10);
    for (const gain of permitted) expect(knownOr(gain)?.low).toBeGreaterThanOrEqual(1);
  });

  it('says that there is no interval if the target has one parameter set only', async () => {
    const store = await memory();
    const findings = await visitStudy(await openMachineStudy(store), {}, world(store, machine({ sets: 1 })));
    expect(findings.gainOverDefault).toMatchObject({ low: null, high: null });
    expect(findings.warnings.join()).toContain('Nothing says how well the figures of the target are known');
  });

  it('reports the environment of its comparison', async () => {
    const store = await memory();
    const noisy = world(store, machine({ noise: 0.01 }));
    const { environment } = await visitStudy(await openMachineStudy(store), { trials: 30 }, noisy);
    expect(environment).toMatchObject({ load: 0 });
    expect(environment?.processes).toBeGreaterThanOrEqual(5);
  });

  it('compares within the time that was asked for, and not at all where there is none left', async () => {
    const rounds = async (forMs: number) => {
      const store = await memory();
      const study = await openMachineStudy(store);
      await visitStudy(study, { trials: 10 }, world(store, machine({ noise: 0.01 })));
      await visitStudy(study, { forMs }, world(store, machine({ noise: 1.5 })));
      const id = (await store.findings(study.id))?.comparisonId;
      return (await store.comparison(id ?? -1))?.roundsUs.length;
    };
    expect(await rounds(1)).toBeUndefined();
    expect(await rounds(2000)).toBeGreaterThanOrEqual(100);
  });

  it('reports why nothing could be timed', async () => {
    const store = await memory();
    const failing = {
      ...machine(),
      verify: async () => ({ state: 'invalid', reason: 'runtime', message: 'no such file' }) as const,
    };
    const { warnings } = await visitStudy(
      await openMachineStudy(store),
      { trials: 8 },
      world(store, failing),
    );
    expect(warnings).toEqual(['no configuration could be timed; 8 of 8 said: no such file']);
  });

  it('says that the time was over where not one trial was done', async () => {
    const store = await memory();
    const study = await openMachineStudy(store);
    const { gainOverDefault, warnings } = await visitStudy(study, { forMs: 0 }, world(store, machine()));
    expect({ gainOverDefault, warnings }).toEqual({ gainOverDefault: TIME_OVER, warnings: [] });
  });

  it.each([
    ['the budget has no trials', { trials: 0 }, {}],
    ['the deadline was over before one configuration was timed', { until: 0 }, {}],
    ['it was interrupted before one configuration was timed', {}, { signal: AbortSignal.abort() }],
  ])('says of every gain that nothing was tried, because %s', async (why, budget, extra) => {
    const store = await memory();
    const study = await openMachineStudy(store);
    const findings = await visitStudy(study, budget, world(store, machine(), extra));
    const { alone, leftOut, forced, shapleyShare } = findings.gains.mt ?? {};
    const { gainOverDefault, ladder, ladderFixedTile } = findings;
    for (const figure of [gainOverDefault, ladder, ladderFixedTile, alone, leftOut, forced, shapleyShare])
      expect(figure).toEqual({ unknown: 'not tried', why });
    expect((await store.findings(study.id))?.document).toEqual(findings);
  });

  it('says that all failed only where something was tried', async () => {
    const store = await memory();
    const failing = { ...machine(), prepare: async () => disturbed() };
    const { gainOverDefault } = await visitStudy(
      await openMachineStudy(store),
      { trials: 3 },
      world(store, failing),
    );
    expect(gainOverDefault).toMatchObject({ unknown: 'disturbed' });
  });

  it('counts failures that differ in numbers only as one', async () => {
    const store = await memory();
    let process = 100;
    const verify = async () => ({
      state: 'invalid' as const,
      reason: 'runtime' as const,
      message: `process ${process++} failed`,
    });
    const study = await openMachineStudy(store);
    const { warnings } = await visitStudy(study, { trials: 8 }, world(store, { ...machine(), verify }));
    expect(warnings).toEqual([
      expect.stringMatching(/^no configuration could be timed; 8 of 8 said: process 10\d failed$/),
    ]);
  });

  it('says once that one configuration was timed', async () => {
    const store = await memory();
    const study = await openMachineStudy(store);
    const { warnings } = await visitStudy(study, { trials: 1 }, world(store, machine({ noise: 0.01 })));
    expect(warnings.filter((warning) => /configurations? (was|were) timed/.test(warning))).toHaveLength(1);
  });

  it('tells no gain, and no rung of either ladder, from one trial of scalar code', async () => {
    const store = await memory();
    const scalar = { ...DEFAULT, lanes: 1 };
    const study = await openMachineStudy(store, { default: scalar });
    const findings = await visitStudy(study, { trials: 1 }, world(store, machine({ noise: 0.01 })));
    for (const ladder of [findings.ladder, findings.ladderFixedTile])
      expect(knownOr(ladder)?.map(({ timeUs }) => (isKnown(timeUs) ? true : timeUs.unknown))).toEqual([
        true,
        ...['not tried', 'not tried', 'not tried'],
      ]);
    expect(JSON.stringify(findings)).not.toContain('"value"');
  });

  it('advises no larger budget where the times around are computed', async () => {
    const store = await memory();
    const exact = machine();
    const computing: Backend = {
      ...exact,
      timing: {
        kind: 'exact',
        rounds: 4,
        computed: (configuration) => machineTime(configuration),
      },
    };
    const { warnings } = await visitStudy(
      await openMachineStudy(store),
      { trials: 1 },
      world(store, computing),
    );
    expect(warnings.join()).not.toContain('a larger budget');
  });

  it('advises a larger budget only where configurations are left', async () => {
    const small = space.restrict({ values: { threads: [1], buffers: [1], tile: [1, 2] } });
    if (small === null) throw new Error('no configuration is left');
    expect(small.size).toBeLessThan(20);
    const advice = async (trials: number) => {
      const store = await memory();
      const study = await openMachineStudy(store, { space: small });
      const { warnings } = await visitStudy(study, { trials }, world(store, machine({ noise: 0.01 })));
      return warnings.filter((warning) => warning.endsWith('a larger budget may find better.')).length;
    };
    expect(await advice(small.size - 1)).toBe(1);
    expect(await advice(small.size)).toBe(0);
  });

  it('warns if other work on the machine disturbed trials', async () => {
    const store = await memory();
    const calm = machine({ noise: 0.01 });
    const disturbed = {
      ...calm,
      session: async (...asked: Parameters<typeof calm.session>) => {
        const session = await calm.session(...asked);
        const sample: typeof session.sample = async (variant, round) =>
          variant.configuration.threads === 4 ? { state: 'dropped' } : session.sample(variant, round);
        return { ...session, sample };
      },
    };
    const { warnings } = await visitStudy(
      await openMachineStudy(store),
      { trials: 60 },
      world(store, disturbed),
    );
    expect(warnings.join()).toMatch(/\d+ trials say nothing of their configuration/);
  });

  it('tries again, and first, what no tool built in an earlier visit, however often the next one is interrupted', async () => {
    const good = machine();
    const hanging: Backend = {
      ...good,
      prepare: async () => disturbed({ state: 'dropped', message: 'the compiler took longer than 3 s' }),
    };
    const twoVisits = async (stopAfter: number) => {
      const store = await memory();
      const study = await openMachineStudy(store);
      await visitStudy(study, { trials: 10 }, world(store, hanging));
      const stop = new AbortController();
      let settled = 0;
      const listen = (event: StudyEvent): void => {
        settled += event.kind === 'settled' ? event.trials.length : 0;
        if (settled >= stopAfter) stop.abort();
      };
      await visitStudy(study, { trials: 60 }, world(store, good, { signal: stop.signal, listen }));
      const findings = await visitStudy(study, { trials: 60 }, world(store, good));
      return { findings, trials: await trialsOf(store, study.id) };
    };
    const { findings, trials } = await twoVisits(9);
    expect(trials.slice(0, 10).every(({ state }) => state === 'invalid')).toBe(true);
    expect(trials[10]).toMatchObject({ configuration: DEFAULT, origin: 'again', state: 'timed' });
    expect(isKnown(findings.gainOverDefault)).toBe(true);
    const tried = trials.slice(10).map(({ configuration }) => JSON.stringify(configuration));
    for (const { configuration } of trials.slice(0, 10))
      expect(tried).toContain(JSON.stringify(configuration));
    expect((await twoVisits(23)).trials).toEqual(trials);
  });

  it.each([
    [31, ['multiply-adds', 'copying', 'a triad']],
    [9, []],
  ])('of every limit of 9.8 notices that %d was reached: %j', async (reached, limits) => {
    const store = await memory();
    const calm = machine({ noise: 0.01 });
    const limited = {
      ...calm,
      session: async (...asked: Parameters<typeof calm.session>) => ({
        ...(await calm.session(...asked)),
        environment: () => ({
          ...{ multiplyAddGflops: 9.8, reachedGflops: reached },
          ...{ copyGBs: 9.8, reachedCopyGBs: reached },
          ...{ triadGBs: 9.8, reachedTriadGBs: reached },
        }),
      }),
    };
    const study = await openMachineStudy(store);
    const { warnings } = await visitStudy(study, { trials: 10 }, world(store, limited));
    const contradicts = /did 31\.0 G\S+\/s a thread.* limit of (.+) was measured as 9\.80/;
    expect(warnings.flatMap((warning) => contradicts.exec(warning)?.[1] ?? [])).toEqual(limits);
  });

  it('takes the most that any process of a comparison measured of a limit, and reached', async () => {
    const store = await memory();
    const calm = machine({ noise: 0.01 });
    let process = 0;
    const limited = {
      ...calm,
      session: async (...asked: Parameters<typeof calm.session>) => ({
        ...(await calm.session(...asked)),
        environment: () => (process++ === 0 ? { copyGBs: 9, reachedCopyGBs: 20 } : { copyGBs: 12 }),
      }),
    };
    const study = await openMachineStudy(store);
    const { environment } = await visitStudy(study, { trials: 10 }, world(store, limited));
    expect(environment).toMatchObject({ copyGBs: 12, reachedCopyGBs: 20 });
  });

  it('recommends a configuration close to the winner, even on a very noisy clock', async () => {
    for (const seed of [1, 2]) {
      const store = await memory();
      const noisy = world(store, machine({ noise: 1.5, seed }));
      const { best, winner } = await visitStudy(await openMachineStudy(store), { trials: 40 }, noisy);
      if (best === null || winner === null) throw new Error('nothing found');
      expect(best.timeUs / winner.timeUs).toBeLessThan(1.15);
    }
  });

  it('recommends the simplest of those within one per cent of the winner', async () => {
    const store = await memory();
    const findings = await visitStudy(await openMachineStudy(store), {}, world(store, machine()));
    const { best, winner, default: usual } = findings;
    if (best === null || winner === null || usual === null) throw new Error('nothing found');
    expect(best.timeUs).toBeLessThanOrEqual(winner.timeUs * 1.01);
    expect(Number(best.configuration.threads)).toBeLessThanOrEqual(Number(winner.configuration.threads));
    expect(knownOr(findings.gainOverDefault)?.value).toBeCloseTo(usual.timeUs / best.timeUs, 9);
  });
});

describe('a budget', () => {
  it('stops after its trials, and the same command continues from there', async () => {
    const store = await memory();
    const study = await openMachineStudy(store);
    const first = await visitStudy(study, { trials: 10 }, world(store, machine()));
    const second = await visitStudy(study, { trials: 10 }, world(store, machine()));
    expect([first.stoppedBy, second.stoppedBy]).toEqual(['trials', 'trials']);
    expect((await trialsOf(store, study.id)).length).toBe(20);
  });

  it('is split over all subsets', async () => {
    const store = await memory();
    const findings = await visitStudy(await openMachineStudy(store), { trials: 50 }, world(store, machine()));
    for (const subset of SUBSETS) expect(findings.trials.bySubset[subsetName(subset)]).toBeGreaterThan(0);
  });

  it.each([
    [{ forMs: 30 }, 'time'],
    [{ until: 30 }, 'deadline'],
    [{ stall: { gain: 0.01, trials: 12 } }, 'stalled'],
  ] as const)('%j ends a visit by %s', async (budget, reason) => {
    const store = await memory();
    const findings = await visitStudy(
      await openMachineStudy(store),
      budget,
      world(store, machine({ batchSize: 1 })),
    );
    expect(findings.stoppedBy).toBe(reason);
  });
});

describe('an interrupted visit', () => {
  it('ends like an undisturbed one after any number of interruptions at any place', async () => {
    const undisturbed = await memory();
    const study = await openMachineStudy(undisturbed);
    const whole = await visitStudy(study, { trials: 40 }, world(undisturbed, machine()));
    const expected = await trialsOf(undisturbed, study.id);

    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 4 }), async (cuts) => {
        const store = await memory();
        const { id } = await openMachineStudy(store);
        for (const cut of cuts) {
          const abort = new AbortController();
          let batches = 0;
          const listen = (event: StudyEvent): void => {
            if (event.kind === 'settled' && ++batches === cut) abort.abort();
          };
          const surroundings = world(store, machine(), { signal: abort.signal, listen });
          const { stoppedBy } = await visitStudy(study, { trials: 40 }, surroundings);
          if (stoppedBy !== 'interrupted') break;
        }
        if ((await store.interruptedVisit(id)) !== undefined || cuts.length === 0) {
          expect(await visitStudy(study, { trials: 40 }, world(store, machine()))).toEqual(whole);
        }
        expect(await trialsOf(store, id)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });
});

describe('a wave', () => {
  it('is what a study says, whatever the backend takes at once', async () => {
    const waveOf = async (batchSize: number, wave?: number) => {
      const store = await memory();
      const study = await openMachineStudy(store, wave === undefined ? {} : { wave });
      const waves: number[] = [];
      const listen = (event: StudyEvent): void => {
        if (event.kind === 'settled') waves.push(event.trials.length);
      };
      await visitStudy(study, { trials: 48 }, world(store, machine({ batchSize }), { listen }));
      return { waves, trials: await trialsOf(store, study.id) };
    };
    const asked = await waveOf(1, 16);
    expect(asked).toEqual(await waveOf(16));
    expect(asked).toEqual(await waveOf(4, 16));
    expect(Math.max(...asked.waves)).toBeGreaterThan(4);
    expect(asked.trials).not.toEqual((await waveOf(1)).trials);
  });
});

describe('a steered study', () => {
  it('does not count the default outside it, which was timed, among the trials that failed', async () => {
    const store = await memory();
    const steered = space.restrict({ values: { threads: [4] } });
    if (steered === null) throw new Error('empty');
    const study = await openMachineStudy(store, { space: steered });
    const right = machine();
    const prepare: Backend['prepare'] = async (proposal, signal) =>
      steered.has(proposal.configuration)
        ? { state: 'invalid', reason: 'runtime', message: 'it faults' }
        : right.prepare(proposal, signal);
    const findings = await visitStudy(study, { trials: 3 }, world(store, { ...right, prepare }));
    expect(findings.trials).toMatchObject({ timed: 1, invalid: { runtime: 2 } });
    expect(findings.gainOverDefault).toEqual({ unknown: 'failed', why: 'each of 2 trials failed' });
    expect(findings.warnings).toEqual(['no configuration could be timed; 2 of 2 said: it faults']);
    // A build must not get a configuration that the steering leaves out.
    expect(await store.bests()).toEqual([]);
  });

  it('still compares with the default that the steering leaves out', async () => {
    const store = await memory();
    const steered = space.restrict({ values: { threads: [4] } });
    if (steered === null) throw new Error('empty');
    const study = await openMachineStudy(store, { space: steered });
    const findings = await visitStudy(study, {}, world(store, machine()));
    expect(findings.default?.timeUs).toBeCloseTo(machineTime(DEFAULT), 9);
    expect(findings.winner?.configuration.threads).toBe(4);
    expect(knownOr(findings.gainOverDefault)?.value).toBeGreaterThan(1);
  });

  it('tries the start configurations right after the default', async () => {
    const store = await memory();
    const known: Configuration = { lanes: 8, threads: 4, staging: 'dma', buffers: 2, tile: 2 };
    const study = await openMachineStudy(store, { start: [known] });
    await visitStudy(study, { trials: 4 }, world(store, machine()));
    const trials = await trialsOf(store, study.id);
    expect(trials.slice(0, 2).map(({ origin }) => origin)).toEqual(['default', 'start']);
    expect(trials[1].configuration).toEqual(known);
  });
});

describe('a noisy machine', () => {
  it('is ranked by interleaved rounds, and its intervals contain the true gain', async () => {
    const store = await memory();
    const backend = machine({ noise: 0.05, batchSize: 1 });
    const findings = await visitStudy(await openMachineStudy(store), { trials: 60 }, world(store, backend));
    const { winner, gainOverDefault } = findings;
    if (winner === null) throw new Error('nothing found');
    expect(machineTime(winner.configuration)).toBeLessThan(truth('vec+mt+db') * 1.1);
    const real = machineTime(DEFAULT) / machineTime(winner.configuration);
    expect(knownOr(gainOverDefault)?.low).toBeLessThan(real * 1.02);
    expect(knownOr(gainOverDefault)?.high).toBeGreaterThan(real * 0.98);
  });

  it('shows times that agree with its ranking', async () => {
    for (const seed of [1, 2]) {
      const store = await memory();
      const noisy = world(store, machine({ noise: 0.5, seed }));
      const { best, winner, ladder } = await visitStudy(await openMachineStudy(store), { trials: 60 }, noisy);
      expect(best?.timeUs).toBeGreaterThanOrEqual(winner?.timeUs ?? Number.NaN);
      const rungs = knownOr(ladder) ?? [];
      const [scalarUs] = rungs.map(({ timeUs }) => knownOr(timeUs) ?? Number.NaN);
      for (const { timeUs, gainOverScalar } of rungs) {
        const gain = knownOr(gainOverScalar);
        if (gain === null) continue;
        expect(scalarUs / (knownOr(timeUs) ?? Number.NaN)).toBeCloseTo(gain.value, 9);
      }
    }
  });

  it('ends without a final comparison when it is interrupted, and says so', async () => {
    const store = await memory();
    const abort = new AbortController();
    let settled = 0;
    const listen = (event: StudyEvent): void => {
      if (event.kind === 'settled' && ++settled === 15) abort.abort();
    };
    const backend = machine({ noise: 0.05, batchSize: 1 });
    const study = await openMachineStudy(store);
    const findings = await visitStudy(study, {}, world(store, backend, { signal: abort.signal, listen }));
    expect(findings.stoppedBy).toBe('interrupted');
    expect(findings.gainOverDefault).toMatchObject({ unknown: 'searched too little' });
    expect(findings.warnings.join()).toContain('Stopped before the final comparison');
  });
});
