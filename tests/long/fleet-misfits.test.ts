import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { boards as boardsOf, executions, hasRedis, nightshiftProcess } from './fleet-processes.fixture.ts';
import {
  daemonOf,
  expectSound,
  fleet,
  named,
  planOf,
  searched,
  submit,
  workerOf,
} from './fleet-under-test.fixture.ts';

describe.skipIf(!hasRedis)('a device that does not fit in (needs redis-server)', { timeout: 120_000 }, () => {
  it('finds with a board on which everything fails what the others find, and names that board', async () => {
    const all = await fleet();
    const devices = [named('h1'), named('h2')];
    const [broken, good] = boardsOf(all.folder, devices, 0.05);
    const env = { ...broken.env, BOARD_IS_BROKEN: 'yes' };
    await workerOf(all.url, devices[0], { words: broken.words, env });
    await workerOf(all.url, devices[1], good);
    const daemon = await daemonOf(all);
    const plan = await submit(daemon, planOf('h*'));
    await searched(daemon, plan);
    await expectSound(all);
    expect(executions(broken.log).begun).toBeGreaterThanOrEqual(3);
    expect(await daemon.get('/v1/devices')).toMatchObject({
      body: {
        devices: [{ setAside: expect.stringMatching(/failed 3 times in a row/) }, { setAside: null }],
      },
    });
  });

  it('refuses a name that is claimed elsewhere, and a worker of another program', async () => {
    const all = await fleet();
    const device = named('f1');
    const [{ words, env }] = boardsOf(all.folder, [device], 0.1);
    const claim = {
      instance: 'other',
      host: 'elsewhere',
      version: '0',
      since: 0,
      work: null,
      samples: 0,
      busyMs: 0,
    };
    const target = { name: 'x', kind: 'device', fingerprint: 'x', features: {}, description: {} };
    const presence = JSON.stringify({ ...claim, identity: { target, metrics: null, kernel: null } });
    execFileSync('redis-cli', ['-p', `${all.port}`, 'SET', `nightshift:device:${device}`, presence]);
    const worker = nightshiftProcess(['worker', '--fleet', all.url, '--device', device, ...words], env);
    expect(await worker.ended).not.toBe(0);
    expect(worker.said).toMatch(/claimed by another worker, on elsewhere/);
  });
});
