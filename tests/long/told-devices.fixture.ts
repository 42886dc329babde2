import { Worker } from 'bullmq';
import { onTestFinished } from 'vitest';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { connect, PREFIX } from '../../src/fleet/connection.ts';
import { Fleet, type UnleasedJob } from '../../src/fleet/fleet.ts';
import { type DeviceJob, deviceJobSchema, type Presence } from '../../src/fleet/messages.ts';
import { Registry } from '../../src/fleet/registry.ts';
import { type Clock, systemClock } from '../../tuner/clock.ts';
import { freePort } from '../daemon/free-port.ts';
import { startRedis } from './fleet-processes.fixture.ts';

const target = { name: 't', kind: 'device', fingerprint: 'x', features: {}, description: {} } as const;
export const pool = { pattern: '*', fingerprint: 'x' };
const spec = studySpecSchema.parse({
  kernel: { kind: 'named', name: 'k' },
  target: { kind: 'device', device: '*' },
});
export const job = (number: number): UnleasedJob => ({
  kind: 'measure',
  id: `job-${number}`,
  study: 's',
  spec,
  samples: [{ configuration: { tile: number }, round: 0 }],
});

export const timed = ({ id, lease }: DeviceJob) => ({
  kind: 'measured',
  id,
  lease,
  measured: [{ state: 'timed', timeUs: 1 }],
});
export const failed = ({ id, lease }: DeviceJob) => ({
  kind: 'measured',
  id,
  lease,
  measured: [{ state: 'invalid', reason: 'runtime', message: 'broken' }],
});

/** A fleet with a Redis of its own, whose devices answer as they are told. */
export async function fleetOfToldDevices() {
  const port = await freePort();
  await startRedis(port);
  const address = { url: `redis://127.0.0.1:${port}` };
  const redis = connect(address);
  const registry = new Registry(redis);
  const own = new Fleet(connect(address), systemClock);
  const closing: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    await own.close();
    for (const close of closing) await close();
    redis.disconnect();
  });
  return {
    port,
    fleet: own,
    /** Another one on the same Redis, as of another study or daemon. */
    other(clock: Clock = systemClock): Fleet {
      const another = new Fleet(connect(address), clock);
      closing.push(() => another.close());
      return another;
    },
    listed: async (name: string) => (await registry.list()).find(({ device }) => device === name),
    async device(
      name: string,
      answer: (job: DeviceJob) => object | Promise<object>,
    ): Promise<{ jobs: number }> {
      const presence: Presence = {
        instance: name,
        host: 'h',
        version: '1',
        identity: { target, metrics: null, kernel: null },
        since: 0,
        work: null,
      };
      const said = { jobs: 0 };
      await registry.claim(name, presence);
      const beating = setInterval(() => void registry.claim(name, presence).catch(() => {}), 1000);
      const connection = redis.duplicate();
      const worker = new Worker<unknown>(
        name,
        async ({ data }) => {
          said.jobs++;
          return answer(deviceJobSchema.parse(data));
        },
        { connection, prefix: PREFIX, concurrency: 1 },
      );
      worker.on('error', () => {});
      closing.push(async () => {
        clearInterval(beating);
        await worker.close(true);
        connection.disconnect();
      });
      return said;
    },
  };
}
