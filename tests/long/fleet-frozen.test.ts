import { describe, expect, it } from 'vitest';
import { testFolder } from '../daemon/daemon-process.ts';
import {
  boards as boardsOf,
  executions,
  hasRedis,
  nightshiftProcess,
  until,
} from './fleet-processes.fixture.ts';
import {
  daemonOf,
  endOf,
  expectSound,
  fleet,
  named,
  planOf,
  searched,
  settled,
  submit,
  workerOf,
} from './fleet-under-test.fixture.ts';

describe.skipIf(!hasRedis)('a worker that is frozen (needs redis-server)', { timeout: 120_000 }, () => {
  it('gives the job of a worker that hangs to another, and refuses what the first still says', async () => {
    const all = await fleet();
    const devices = [named('d1'), named('d2')];
    const boards = boardsOf(all.folder, devices, 0.3);
    const hanging = await workerOf(all.url, devices[0], boards[0]);
    await workerOf(all.url, devices[1], boards[1]);
    const daemon = await daemonOf(all);
    const plan = await submit(daemon, planOf('d*'));
    await until(() => executions(boards[0].log).begun > 1);
    hanging.child.kill('SIGSTOP');
    const second = nightshiftProcess([
      'worker',
      '--fleet',
      all.url,
      '--device',
      devices[0],
      ...boards[0].words,
    ]);
    expect(await second.ended).not.toBe(0);
    expect(second.said).toMatch(/has a worker on this host already/);
    await until(async () => (await settled(daemon, plan)) >= 12);
    // What waited for it is not lost.
    expect(await daemon.get('/v1/devices')).toMatchObject({
      body: { devices: devices.map((device, place) => ({ device, jobsLost: place === 0 ? 1 : 0 })) },
    });
    hanging.child.kill('SIGCONT');
    await searched(daemon, plan);
    await expectSound(all);
    for (const { log } of boards) expect(executions(log).overlaps).toBe(0);
  });

  it('has its program ended before another worker of its name, as on another host, begins one', async () => {
    const all = await fleet();
    const device = named('e3');
    const [own] = boardsOf(all.folder, [device], 12);
    const frozen = await workerOf(all.url, device, own);
    const daemon = await daemonOf(all);
    const plan = await submit(daemon, planOf(device, { kernel: 'my-kernel' }, 1));
    await until(() => executions(own.log).begun > 0);
    frozen.child.kill('SIGSTOP');
    await workerOf(all.url, device, { ...own, env: { ...own.env, TMPDIR: testFolder() } });
    await until(() => executions(own.log).begun > 1);
    frozen.child.kill('SIGCONT');
    expect(await frozen.ended).not.toBe(0);
    expect(frozen.said).toMatch(/claimed by another worker/);
    await endOf(daemon, plan);
    expect(executions(own.log).overlaps).toBe(0);
    await expectSound(all, 1);
  });
});
