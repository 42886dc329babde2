import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonOf } from '../../tests/builds/foreign-file.fixture.ts';
import { desktop } from '../http/desk.fixture.ts';
import { storeResults } from '../importers/store-results.ts';
import { importT4 } from '../importers/t4/import-t4.ts';

const space = {
  parameters: [
    { name: 'tile', values: [1, 2, 4, 8] },
    { name: 'threads', values: [1, 2], tag: 'mt', off: 1 },
  ],
  constraints: ['tile * threads <= 8'],
};
const SIZE = 7;
const opened = {
  kernel: { name: 'mine', shape: '64x64' },
  target: { name: 'board', description: 'firmware 7' },
  space,
  strategy: 'random',
};
const configuration = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const asked = z.object({ trials: z.array(z.object({ configuration })) });
const told = z.object({ settled: z.array(z.number()), repeated: z.number() });

async function begin() {
  let now = 0;
  const clock = { now: () => 1_000, elapsed: () => now };
  const desk = await desktop({ clock });
  const { body } = await desk.ask('POST', '/v1/studies', opened);
  const { id } = z.object({ id: z.string() }).parse(body);
  const ask = async (count = 1, leaseMs = 1000) => {
    const answer = await desk.ask('POST', `/v1/studies/${id}/ask`, { count, leaseMs });
    return asked.parse(answer.body).trials.map((trial) => trial.configuration);
  };
  const tell = async (...results: readonly object[]) =>
    desk.ask('POST', `/v1/studies/${id}/tell`, { results });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { ...desk, id, clock, ask, tell, pass };
}

describe('ask and tell', () => {
  it('proposes every member once with its own id, and then reports that none is left', async () => {
    const { ask, tell, store, id } = await begin();
    const seen = new Set<string>();
    for (;;) {
      const [first, ...others] = await ask(3);
      if (first === undefined) break;
      for (const one of [first, ...others]) {
        expect(seen).not.toContain(JSON.stringify(one));
        seen.add(JSON.stringify(one));
        const answer = await tell({ configuration: one, timeUs: 100 / Number(one.tile) });
        expect(told.parse(answer.body).settled).toEqual([seen.size - 1]);
      }
    }
    expect(seen.size).toBe(SIZE);
    const [summary] = await store.studies();
    expect(summary).toMatchObject({ settled: SIZE, best: { timeUs: 12.5, configuration: { tile: 8 } } });
    expect((await store.counts(id)).running).toBe(0);
  });

  it('never proposes a configuration that another harness is measuring', async () => {
    const { ask } = await begin();
    const all = (await Promise.all([ask(2), ask(2), ask(2), ask(2)])).flat();
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(SIZE);
    expect(all).toHaveLength(SIZE);
    expect(await ask(1)).toEqual([]);
  });

  it('abandons proposals without a result after their time, and proposes them again', async () => {
    const { ask, pass, store, id } = await begin();
    const first = await ask(1, 1000);
    await ask(SIZE - 1, 5000);
    expect(await ask(1)).toEqual([]);
    pass(1001);
    expect(await ask(1)).toEqual(first);
    expect(await store.counts(id)).toMatchObject({ running: SIZE, abandoned: 0 });
    pass(5000);
    expect(await ask(SIZE, 1000)).toHaveLength(SIZE);
  });

  it('accepts late results, and refuses repeated ones', async () => {
    const { ask, tell, pass } = await begin();
    const [late] = await ask(1, 10);
    pass(11);
    expect((await tell({ configuration: late, samplesUs: [3, 1, 2] })).body).toEqual({
      settled: [0],
      repeated: 0,
    });
    expect((await tell({ configuration: late, timeUs: 1 })).body).toEqual({ settled: [], repeated: 1 });
    expect(await ask(SIZE)).toHaveLength(SIZE - 1);
  });

  it('accepts results that were not proposed, but none outside the space', async () => {
    const { tell, store, id } = await begin();
    const mine = { configuration: { threads: 2, tile: 4 }, timeUs: 5 };
    const wrong = { configuration: { threads: 2, tile: 8 }, timeUs: 5 };
    expect(await tell(mine, wrong)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/results\[1\].configuration.*tile \* threads/) } },
    });
    expect((await store.counts(id)).settled).toBe(0);
    expect((await tell(mine)).body).toEqual({ settled: [0], repeated: 0 });
    for await (const trial of store.trials(id)) expect(trial).toMatchObject({ origin: 'told', subset: 'mt' });
    expect((await tell({ configuration: mine.configuration, timeUs: -1 })).status).toBe(400);
  });

  it('refuses an impossible time with its place, and accepts the largest and the smallest', async () => {
    const { tell, ask, store, id } = await begin();
    const [one, two] = await ask(2);
    for (const samplesUs of [
      [1, Number.MAX_VALUE],
      [1e16],
      [1e-9, 1],
      [Number.MAX_VALUE, Number.MAX_VALUE * 0.9],
    ]) {
      const answer = await tell({ configuration: one, timeUs: 1 }, { configuration: two, samplesUs });
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringMatching(/results\.1\.samplesUs\.\d: got .*, expected at/) } },
      });
    }
    expect((await tell({ configuration: one, timeUs: 1e300 })).status).toBe(400);
    expect((await store.counts(id)).settled).toBe(0);
    expect((await tell({ configuration: one, samplesUs: [1e15, 1e15] })).status).toBe(200);
    expect((await tell({ configuration: two, samplesUs: [1e-6, 1e-6, 1e15] })).status).toBe(200);
    expect((await store.fastest(id, 2)).map(({ timeUs }) => timeUs)).toEqual([1e-6, 1e15]);
  });

  it('uses the default of the space, in nightshift’s format and in T1', async () => {
    const desk = await desktop();
    const t1 = {
      ConfigurationSpace: {
        TuningParameters: [
          { Name: 'tile', Type: 'int', Values: '[1, 2, 4, 8]', Default: 4 },
          { Name: 'threads', Type: 'int', Values: '[1, 2]', Default: '2' },
        ],
      },
    };
    const ours = { ...space, default: { tile: 4, threads: 2 } };
    for (const said of [t1, ours]) {
      const { body } = await desk.ask('POST', '/v1/studies', { ...opened, space: said });
      const { id } = z.object({ id: z.string() }).parse(body);
      expect((await desk.store.study(id))?.defaultConfiguration).toEqual({ tile: 4, threads: 2 });
    }
    const wrong = { ...space, default: { tile: 8, threads: 2 } };
    expect(await desk.ask('POST', '/v1/studies', { ...opened, space: wrong })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/default: tile \* threads <= 8/) } },
    });
  });

  it('predicts from imported times, however many there are', async () => {
    const desk = await desktop();
    const results = Array.from({ length: 20_000 }, (_, n) => ({
      configuration: { tile: n },
      times: { runtimes: [n + 1] },
      invalidity: 'correct',
    }));
    const file = await jsonOf({ schema_version: '1.0.0', results });
    const tuning = await importT4(file, { name: 'k' }, undefined, 'test');
    const { studyId } = await storeResults(tuning, desk.store, 'test');
    const asked = [{ tile: 1_000 }, { tile: 19_000 }];
    const answer = await desk.ask('POST', `/v1/studies/${studyId}/predict`, { configurations: asked });
    expect(answer.status).toBe(200);
    const times = z.object({ predictions: z.array(z.object({ timeUs: z.number() })) }).parse(answer.body);
    const [small, large] = times.predictions.map(({ timeUs }) => timeUs);
    expect(large / small).toBeGreaterThan(10);
    expect((await desk.ask('POST', `/v1/studies/${studyId}/ask`)).status).toBe(409);
  });

  it('continues the study after a restart of the daemon', async () => {
    const { ask, tell, store, daemon, id } = await begin();
    const [first] = await ask();
    await ask(2);
    await tell({ configuration: first, timeUs: 7 });
    await daemon.close();
    const later = await desktop({ store });
    expect(await store.counts(id)).toMatchObject({ settled: 1, running: 0, abandoned: 2 });
    const { body } = await later.ask('POST', `/v1/studies/${id}/ask`, { count: 100 });
    expect(asked.parse(body).trials).toHaveLength(SIZE - 1);
    expect(await store.visits(id)).toHaveLength(1);
  });

  it('if stopped, is over: it cannot be paused, and has no ladder', async () => {
    const { ask, tell, id, server } = await begin();
    const [first] = await ask();
    await tell({ configuration: first, timeUs: 7 });
    const headers = { host: '127.0.0.1:7070' };
    const post = (action: string) =>
      server.inject({ method: 'POST', url: `/v1/studies/${id}/${action}`, headers });
    expect((await post('stop')).json()).toMatchObject({ state: 'done', stoppedBy: 'stopped' });
    for (const action of ['pause', 'stop', 'cancel']) expect((await post(action)).statusCode).toBe(409);
    const ladder = await server.inject({ method: 'GET', url: `/v1/studies/${id}/ladder`, headers });
    expect([ladder.statusCode, ladder.body]).toEqual([
      404,
      expect.stringMatching(/ended without a comparison/),
    ]);
    expect((await post('resume')).json()).toMatchObject({ state: 'open', stoppedBy: 'stopped' });
    expect(await ask()).toHaveLength(1);
  });

  it('is refused while the study is paused, and for a study that nightshift times', async () => {
    const { server, id } = await begin();
    const headers = { host: '127.0.0.1:7070' };
    const post = async (url: string, payload: object = {}) =>
      (await server.inject({ method: 'POST', url, headers, payload })).statusCode;
    expect(await post(`/v1/studies/${id}/pause`)).toBe(200);
    expect(await post(`/v1/studies/${id}/ask`)).toBe(409);
    expect(await post(`/v1/studies/${id}/resume`)).toBe(200);
    expect(await post(`/v1/studies/${id}/ask`)).toBe(200);
    const studies = [{ kernel: 'gelu', shapes: ['4096'] }];
    const plan = { studies, targets: ['edge-2mib'], strategy: 'random', budget: { trials: 1 } };
    expect(await post('/v1/plans', { plan })).toBe(201);
    const all = z
      .array(z.object({ id: z.string() }))
      .parse((await server.inject({ method: 'GET', url: '/v1/studies?kernel=gelu', headers })).json());
    expect(await post(`/v1/studies/${all[0].id}/ask`)).toBe(409);
  });
});

describe('a harness that reports metrics', () => {
  const wanted = { ...opened, strategy: 'default', objective: 'time,energyJ', limits: ['energyJ <= 5'] };

  it('has them judged as the study asks, and its Pareto optima are sought', async () => {
    const { ask, store } = await desktop();
    const { id } = z.object({ id: z.string() }).parse((await ask('POST', '/v1/studies', wanted)).body);
    const results = [
      { configuration: { tile: 1, threads: 1 }, timeUs: 9, metrics: { energyJ: 1 } },
      { configuration: { tile: 2, threads: 1 }, timeUs: 5, metrics: { energyJ: 6 } },
      { configuration: { tile: 4, threads: 1 }, timeUs: 5 },
    ];
    expect((await ask('POST', `/v1/studies/${id}/tell`, { results })).status).toBe(200);
    const trials = await store.listTrials({ studyId: id, limit: 9 });
    expect(trials).toMatchObject([
      { state: 'timed', metrics: { energyJ: 1 } },
      { state: 'invalid', reason: 'constraints', metrics: { energyJ: 6, time: 5 } },
      { state: 'invalid', reason: 'runtime', message: expect.stringContaining('reported no energyJ') },
    ]);
    const next = asked.parse((await ask('POST', `/v1/studies/${id}/ask`, { count: 2 })).body);
    expect(next.trials).toHaveLength(2);
  });

  it.each([
    [{ 'a b': 1 }, /metric/],
    [{ energyJ: -1 }, /energyJ/],
    [Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`m${n}`, n])), /at most 32 metrics/],
  ])('is refused for what are no metrics', async (metrics, message) => {
    const { ask, tell, store, id } = await begin();
    const [configuration] = await ask();
    const answer = await tell({ configuration, timeUs: 1, metrics });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(message) } },
    });
    expect((await store.counts(id)).settled).toBe(0);
  });

  it.each([
    [{ objective: 'time,time' }, /objective: 'time' is named twice/],
    [{ limits: ['energyJ'] }, /limit: 'energyJ' is no limit/],
    [{ objective: 'time,energyJ', strategy: 'annealing' }, /seeks one objective/],
  ])('is refused for %j', async (extra, message) => {
    const { ask } = await desktop();
    const answer = await ask('POST', '/v1/studies', { ...opened, ...extra });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(message) } },
    });
  });
});

describe('proposals ahead', () => {
  const large = {
    parameters: [
      { name: 'tile', values: [1, 2, 4, 8, 16, 32] },
      { name: 'unroll', values: [1, 2, 4, 8] },
      { name: 'threads', values: [1, 2, 3, 4], tag: 'mt', off: 1 },
    ],
    constraints: [],
  };

  async function beginLarge() {
    const { ask, store } = await desktop();
    const study = { ...opened, space: large, strategy: 'default' };
    const { body } = await ask('POST', '/v1/studies', study);
    const { id } = z.object({ id: z.string() }).parse(body);
    const next = async (count = 1) => {
      const answer = await ask('POST', `/v1/studies/${id}/ask`, { count });
      return asked.parse(answer.body).trials.map((trial) => trial.configuration);
    };
    const tell = async (one: z.infer<typeof configuration>, timeUs: number) =>
      told.parse(
        (await ask('POST', `/v1/studies/${id}/tell`, { results: [{ configuration: one, timeUs }] })).body,
      );
    return { store, id, next, tell };
  }

  const timeOf = ({ tile, unroll, threads }: z.infer<typeof configuration>): number =>
    100 + Math.abs(Number(tile) - 8) * Number(unroll) + 10 / Number(threads);

  it('are the same however long the harness measures', async () => {
    const runs = [];
    for (const waits of [false, true]) {
      const { next, tell } = await beginLarge();
      const proposed = [];
      for (let n = 0; n < 40; n++) {
        const [one] = await next();
        proposed.push(one);
        if (waits) await new Promise((resolve) => setTimeout(resolve, 5));
        await tell(one, timeOf(one));
      }
      expect(new Set(proposed.map((one) => JSON.stringify(one))).size).toBe(40);
      runs.push(proposed);
    }
    expect(runs[0]).toEqual(runs[1]);
  });

  it('never repeat what was told meanwhile', async () => {
    const { next, tell } = await beginLarge();
    const known = new Set<string>();
    const learn = async (one: z.infer<typeof configuration>) => {
      known.add(JSON.stringify(one));
      return tell(one, timeOf(one));
    };
    for (let n = 0; n < 30; n++) await learn((await next())[0]);
    const [{ values: tiles }, { values: unrolls }, { values: threads }] = large.parameters;
    const all = tiles.flatMap((tile) =>
      unrolls.flatMap((unroll) => threads.map((count) => ({ tile, unroll, threads: count }))),
    );
    const [last, ...others] = all.filter((one) => !known.has(JSON.stringify(one)));
    for (const one of others) await learn(one);
    expect(await next(2)).toEqual([last]);
  });
});
