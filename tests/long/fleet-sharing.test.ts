import { describe, expect, it } from 'vitest';
import { boards as boardsOf, executions, hasRedis, nightshiftProcess } from './fleet-processes.fixture.ts';
import {
  daemonOf,
  endOf,
  expectSound,
  fleet,
  look,
  named,
  planned,
  planOf,
  submit,
  TRIALS,
  trialsIn,
  workerOf,
} from './fleet-under-test.fixture.ts';

describe.skipIf(!hasRedis)('a fleet (needs redis-server)', { timeout: 120_000 }, () => {
  it('shares a study among devices, and lists who is there', async () => {
    const all = await fleet();
    const devices = [named('a1'), named('a2')];
    const boards = boardsOf(all.folder, devices, 0.05);
    for (const [i, own] of boards.entries()) await workerOf(all.url, devices[i], own);
    const daemon = await daemonOf(all);
    const plan = await submit(daemon, planOf('a*'));
    await endOf(daemon, plan);
    await expectSound(all);
    for (const { log } of boards) {
      const { begun, overlaps } = executions(log);
      expect(overlaps).toBe(0);
      expect(begun).toBeGreaterThan(TRIALS / 4);
    }
    const listed = nightshiftProcess(['devices', '--fleet', all.url, '--format', 'json']);
    expect(await listed.ended).toBe(0);
    expect(JSON.parse(listed.said)).toMatchObject({
      devices: devices.map((device) => ({ device, isPresent: true, target: 'command', jobsLost: 0 })),
    });
    const asked = nightshiftProcess(['devices', '--store', all.store, '--format', 'json']);
    expect(await asked.ended).toBe(0);
    expect(JSON.parse(asked.said)).toMatchObject({ devices: devices.map((device) => ({ device })) });
    const none = await daemon.post('/v1/plans', { plan: planOf('nobody') });
    expect(none).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/no device/) } },
    });
  });

  it('makes a study for each kind of device that a pattern fits', async () => {
    const all = await fleet();
    const targets = ['edge-2mib', 'hexagon-v75'];
    await Promise.all(
      targets.map((target) =>
        workerOf(all.url, named(`k-${target}`), { words: ['--target', target], env: {} }),
      ),
    );
    const daemon = await daemonOf(all);
    const asked = planOf('k-*', { kernel: 'gelu', shapes: ['4096'] }, 8);
    expect(await planned(all, asked)).toMatchObject(
      targets.map((target) => ({ kernel: 'gelu', target, spaceSize: null, budget: { trials: 8 } })),
    );
    const plan = await submit(daemon, asked);
    await endOf(daemon, plan);
    const { studies } = await look(daemon, plan);
    expect(studies.map(({ trials }) => trials)).toEqual([8, 8]);
    const answers = studies.map(({ study }) => daemon.get(`/v1/studies/${study}`));
    const found = (await Promise.all(answers)).map(({ body }) => JSON.stringify(body));
    for (const [i, target] of targets.entries()) expect(found[i]).toContain(`"${target}"`);
  });

  it('finds the same for one, two and eight workers on an exact target', async () => {
    const found: string[] = [];
    for (const workers of [1, 2, 8]) {
      const all = await fleet();
      for (let i = 0; i < workers; i++)
        await workerOf(all.url, named(`g${workers}-${i}`), { words: ['--target', 'edge-2mib'], env: {} });
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(`g${workers}-*`, { kernel: 'gelu', shapes: ['4096'] }, 40));
      await endOf(daemon, plan);
      const { study } = (await look(daemon, plan)).studies[0];
      found.push(JSON.stringify((await daemon.get(`/v1/studies/${study}`)).body));
      const trials = await trialsIn(all.store);
      found.push(JSON.stringify(trials.map(({ settledAt: _, ...trial }) => trial)));
      expect(await daemon.end('SIGTERM')).toBe(0);
      await all.redis.kill();
    }
    expect(found[3]).toBe(found[1]);
    expect(found[5]).toBe(found[1]);
  });
});
