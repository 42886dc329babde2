import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DaemonProcess, testFolder } from '../daemon/daemon-process.ts';
import { boards as boardsOf, hasRedis, nightshiftProcess } from './fleet-processes.fixture.ts';
import {
  daemonOf,
  endOf,
  fleet,
  named,
  planned,
  planOf,
  submit,
  workerOf,
} from './fleet-under-test.fixture.ts';

describe.skipIf(!hasRedis)('devices of several kinds (needs redis-server)', { timeout: 120_000 }, () => {
  it('are told apart by their firmware: each has a name, a best and a place in an export', async () => {
    const all = await fleet();
    const devices = [named('v1'), named('v2')];
    const own = boardsOf(all.folder, devices, 0);
    for (const [n, { words, env }] of own.entries())
      await workerOf(all.url, devices[n], { words: ['--firmware', `kind${n + 1}`, ...words], env });
    const daemon = await daemonOf(all);
    const pattern = named('v*').replace(/-\d+$/, '*');
    const plan = planOf(pattern, { kernel: 'my-kernel' }, 4);
    const kinds = ['command-kind1', 'command-kind2'];
    expect(await planned(all, plan)).toMatchObject(kinds.map((target) => ({ target })));
    await endOf(daemon, await submit(daemon, plan));
    const said = async (...words: readonly string[]): Promise<string> => {
      const run = nightshiftProcess([...words, '--store', all.store]);
      expect([await run.ended, run.said]).toEqual([0, run.said]);
      return run.said;
    };
    for (const words of [
      ['status'],
      ['best', 'my-kernel'],
      ['export', '--format', 'json', '--out', all.folder],
    ]) {
      const text = await said(...words);
      for (const kind of kinds) expect(text).toContain(kind);
      expect(text).not.toMatch(/earlier|changed target/);
    }
    const [first, second] = kinds;
    const one = await said('best', 'my-kernel', '--target', first);
    expect(one).toContain(first);
    expect(one).not.toContain(second);
  });

  it('refuse a shape that their program would not get', async () => {
    const all = await fleet();
    const device = named('s1');
    const [own] = boardsOf(all.folder, [device], 0);
    await workerOf(all.url, device, own);
    const daemon = await daemonOf(all);
    const plan = planOf(device, { kernel: 'my-kernel', shapes: ['64x64'] });
    await expect(submit(daemon, plan)).rejects.toThrow(/was not started for a shape.*\{shape\}/);
    const withoutKernel = planOf(device, { kernel: 'gelu' });
    await expect(submit(daemon, withoutKernel)).rejects.toThrow(/runs my-kernel, not gelu/);
  });

  it('are no target of a daemon without a fleet, which says so whatever the kernel is', async () => {
    const daemon = await DaemonProcess.start(join(testFolder(), 'n.db'), ['--listen', '127.0.0.1:0']);
    await expect(submit(daemon, planOf('board-*'))).rejects.toThrow(/there is no fleet.*--fleet/);
  });
});
