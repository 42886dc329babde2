import { Worker as QueueWorker } from 'bullmq';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { connect, PREFIX } from '../../src/fleet/connection.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { Registry } from '../../src/fleet/registry.ts';
import { systemClock } from '../../tuner/clock.ts';
import { type DaemonProcess, pause } from '../daemon/daemon-process.ts';
import { boards as boardsOf, executions, hasRedis, startRedis, until } from './fleet-processes.fixture.ts';
import { daemonOf, fleet, named, planOf, settled, submit, workerOf } from './fleet-under-test.fixture.ts';

const read = z.object({
  devices: z.array(z.object({ jobsLost: z.number(), setAside: z.string().nullable() })),
});
const devicesOf = async (daemon: DaemonProcess) => read.parse((await daemon.get('/v1/devices')).body).devices;

describe.skipIf(!hasRedis)(
  'what a device has lost, and what is not its fault (needs redis-server)',
  { timeout: 120_000 },
  () => {
    it('sets no device aside where Redis was away for some seconds, and says that it was', async () => {
      const all = await fleet();
      const devices = [named('o1'), named('o2')];
      const own = boardsOf(all.folder, devices, 0.3);
      const workers = await Promise.all(own.map((board, n) => workerOf(all.url, devices[n], board)));
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(named('o*').replace(/-\d+$/, '*')));
      await until(async () => (await settled(daemon, plan)) >= 4);
      await all.redis.kill();
      await pause(6000);
      await startRedis(all.port);
      const before = await settled(daemon, plan);
      await until(async () => (await settled(daemon, plan)) >= before + 6);
      for (const { jobsLost, setAside } of await devicesOf(daemon)) {
        expect(setAside).toBeNull();
        expect(jobsLost).toBeLessThanOrEqual(1);
      }
      expect(daemon.stderr).toMatch(/Redis is gone.*Redis is back/s);
      for (const { said } of workers) expect(said).toMatch(/Redis does not answer.*Redis is back/s);
    });

    it('counts a job that a kill cut as lost where the next worker comes at once', async () => {
      const all = await fleet();
      const device = named('k1');
      const [own] = boardsOf(all.folder, [device], 2);
      const worker = await workerOf(all.url, device, own);
      const daemon = await daemonOf(all);
      const plan = await submit(daemon, planOf(device, { kernel: 'my-kernel' }, 2));
      await until(() => executions(own.log).begun > 0);
      await worker.kill();
      await workerOf(all.url, device, own);
      await until(async () => (await settled(daemon, plan)) >= 1);
      expect(await devicesOf(daemon)).toEqual([{ jobsLost: 1, setAside: null }]);
      expect(executions(own.log).overlaps).toBe(0);
    });

    it('asks a lone device that answers wrongly at once three times, and says why it is set aside', async () => {
      const all = await fleet();
      const device = named('w1');
      const redis = connect({ url: all.url });
      const registry = new Registry(redis);
      const target = { name: 't', kind: 'device', fingerprint: 'f', features: {}, description: {} } as const;
      const identity = { target, metrics: null, kernel: null };
      const presence = { instance: 'i', host: 'h', version: '1', identity, since: 0, work: null };
      await registry.claim(device, presence);
      let answers = 0;
      const connection = redis.duplicate();
      const wrong = new QueueWorker(device, async () => ++answers, { connection, prefix: PREFIX });
      const fleetOfOne = new Fleet(connect({ url: all.url }), systemClock);
      const ending = new AbortController();
      onTestFinished(async () => {
        ending.abort();
        await wrong.close(true);
        await fleetOfOne.close();
        connection.disconnect();
        redis.disconnect();
      });
      const spec = studySpecSchema.parse({
        kernel: { kind: 'named', name: 'gelu' },
        target: { kind: 'device', device },
      });
      const pool = { pattern: device, fingerprint: 'f' };
      void fleetOfOne.ask({ kind: 'open', id: 'a', spec }, pool, ending.signal, true);
      await until(() => answers >= 3);
      await pause(2000);
      expect(answers).toBe(3);
      expect(await registry.list()).toMatchObject([{ device, aside: 'lost 3 jobs in a row' }]);
    });
  },
);
