import { describe, expect, it } from 'vitest';
import { pause, testFolder } from '../daemon/daemon-process.ts';
import { boards as boardsOf, executions, hasRedis, until } from './fleet-processes.fixture.ts';
import {
  daemonOf,
  expectSound,
  fleet,
  look,
  named,
  planOf,
  searched,
  settled,
  submit,
  TRIALS,
  workerOf,
} from './fleet-under-test.fixture.ts';

const WARNING = 'another daemon hands out jobs on this Redis';

describe.skipIf(!hasRedis)('daemons of a fleet (needs redis-server)', { timeout: 120_000 }, () => {
  it('of two stores say so, share the device, and never have it execute two programs', async () => {
    const all = await fleet();
    const other = { ...all, store: `${testFolder()}/other.db` };
    const device = named('m1');
    const [own] = boardsOf(all.folder, [device], 0.05);
    await workerOf(all.url, device, own);
    const first = await daemonOf(all);
    const second = await daemonOf(other);
    await until(() => [first, second].every(({ stderr }) => stderr.includes(WARNING)));
    const plans = [await submit(first, planOf(device)), await submit(second, planOf(device))];
    await Promise.all([searched(first, plans[0]), searched(second, plans[1])]);
    await expectSound(all);
    await expectSound(other);
    expect(executions(own.log).overlaps).toBe(0);
    expect(executions(own.log).begun).toBeGreaterThanOrEqual(2 * TRIALS);
  });

  it('wait for devices that are all gone, go on once one is back, and count on for it', async () => {
    const all = await fleet();
    const devices = [named('n1'), named('n2')];
    const boards = boardsOf(all.folder, devices, 0.2);
    const workers = [];
    for (const [i, own] of boards.entries()) workers.push(await workerOf(all.url, devices[i], own));
    const daemon = await daemonOf(all);
    const plan = await submit(daemon, planOf('n*'));
    await until(async () => (await settled(daemon, plan)) >= 8);
    // So that both have told what they measured.
    await pause(1500);
    for (const worker of workers) await worker.kill();
    await pause(8000);
    const before = await settled(daemon, plan);
    await pause(2000);
    expect(await settled(daemon, plan)).toBe(before);
    expect((await look(daemon, plan)).state).not.toBe('ended');
    const read = async () => JSON.stringify((await daemon.get('/v1/devices')).body);
    expect(await read()).toMatch(/"isPresent":false.*"isPresent":false/);
    const [, samples] = /"samples":(\d+)/.exec(await read()) ?? [];
    expect(Number(samples)).toBeGreaterThan(0);
    await workerOf(all.url, devices[0], boards[0]);
    await searched(daemon, plan);
    await expectSound(all);
    await until(async () => Number(/"samples":(\d+)/.exec(await read())?.[1]) > Number(samples));
    for (const { log } of boards) expect(executions(log).overlaps).toBe(0);
  });
});
