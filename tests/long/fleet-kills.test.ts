import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pause } from '../daemon/daemon-process.ts';
import {
  boards as boardsOf,
  cuttable,
  executions,
  hasRedis,
  startRedis,
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

describe.skipIf(!hasRedis)(
  'a fleet of which something is killed or cut off (needs redis-server)',
  { timeout: 120_000 },
  () => {
    it('goes on after kill -9 of a worker and of the daemon, and counts nothing twice', async () => {
      const all = await fleet();
      const devices = [named('b1'), named('b2')];
      const boards = boardsOf(all.folder, devices, 0.3);
      const workers = [];
      for (const [i, own] of boards.entries()) workers.push(await workerOf(all.url, devices[i], own));
      let daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf('b*'));
      await until(async () => (await settled(daemon, plan)) >= 4);
      await workers[0].kill();
      await daemon.end('SIGKILL');
      await workerOf(all.url, devices[0], boards[0]);
      daemon = await daemonOf(all);
      await searched(daemon, plan);
      await expectSound(all);
      for (const { log } of boards) expect(executions(log).overlaps).toBe(0);
    });

    it('goes on after kill -9, at any moment, and FLUSHALL of a Redis that keeps nothing', async () => {
      const all = await fleet();
      const device = named('c1');
      const [own] = boardsOf(all.folder, [device], 0.3);
      const { log } = own;
      await workerOf(all.url, device, own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(device));
      await until(async () => executions(log).begun > 3);
      await all.redis.kill();
      await pause(1500);
      const again = await startRedis(all.port);
      await pause(Math.random() * 2000);
      await again.kill();
      await pause(Math.random() * 1000);
      await startRedis(all.port);
      await until(async () => (await settled(daemon, plan)) >= 10);
      execFileSync('redis-cli', ['-p', `${all.port}`, 'FLUSHALL']);
      await searched(daemon, plan);
      await expectSound(all);
      expect(executions(log).overlaps).toBe(0);
    });

    it('counts one lost job at most where Redis stands still, and sets the only device not aside', async () => {
      const all = await fleet();
      const device = named('i1');
      const [own] = boardsOf(all.folder, [device], 3);
      await workerOf(all.url, device, own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(device, { kernel: 'my-kernel' }, 4));
      await until(() => executions(own.log).begun > 0);
      all.redis.child.kill('SIGSTOP');
      await pause(8000);
      all.redis.child.kill('SIGCONT');
      await until(async () => (await settled(daemon, plan)) >= 1);
      const read = z.object({ devices: z.array(z.object({ jobsLost: z.number(), setAside: z.null() })) });
      const [{ jobsLost }] = read.parse((await daemon.get('/v1/devices')).body).devices;
      expect(jobsLost).toBeLessThanOrEqual(1);
      expect(executions(own.log).overlaps).toBe(0);
    });

    it('ends the program of a worker that is cut off before its claim ends, and goes on afterwards', async () => {
      const all = await fleet();
      const network = await cuttable(all.port);
      const device = named('e1');
      const [own] = boardsOf(all.folder, [device], 8);
      const { log } = own;
      const worker = await workerOf(`redis://127.0.0.1:${network.port}`, device, own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(device, { kernel: 'my-kernel' }, 1));
      await until(() => executions(log).begun > 0);
      network.cut();
      await pause(9000);
      expect(executions(log)).toMatchObject({ begun: 1, ended: 0 });
      network.mend();
      await endOf(daemon, plan);
      expect(executions(log).overlaps).toBe(0);
      await expectSound(all, 1);
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toBe(0);
    });
  },
);
