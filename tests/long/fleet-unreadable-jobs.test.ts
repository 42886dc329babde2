import { describe, expect, it } from 'vitest';
import { resolveStudy } from '../../src/ask/resolve-study.ts';
import { studySpecSchema } from '../../src/ask/study-spec.ts';
import { connect, PREFIX } from '../../src/fleet/connection.ts';
import { workForFleet } from '../../src/fleet/worker.ts';
import { Permit } from '../../src/programs/keeper/permit.ts';
import { targetRecord } from '../../src/targets/record.ts';
import { resolveTarget } from '../../src/targets/resolve.ts';
import { systemClock } from '../../tuner/clock.ts';
import { hasRedis, until } from './fleet-processes.fixture.ts';
import { fleetOfToldDevices } from './told-devices.fixture.ts';

const { signal } = new AbortController();
const gelu = studySpecSchema.parse({
  kernel: { kind: 'named', name: 'gelu' },
  shape: '4096',
  target: { kind: 'named', name: 'edge-2mib' },
});

describe.skipIf(!hasRedis)('a worker (needs redis-server)', { timeout: 60_000 }, () => {
  it('drops what is no JSON from the queue of a device, and measures what is behind it', async () => {
    const { fleet: own, port } = await fleetOfToldDevices();
    const redis = connect({ url: `redis://127.0.0.1:${port}` });
    const ending = new AbortController();
    const said: string[] = [];
    let isMeasuring = false;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const board = { kind: 'named', name: 'edge-2mib' } as const;
    const { kernel } = gelu;
    const { id: study, study: resolved, target: simulated } = await resolveStudy(gelu);
    const working = workForFleet({
      redis,
      device: 'real',
      identity: { target: targetRecord(await resolveTarget(board)), metrics: null, kernel: null },
      studies: async (asked) => {
        isMeasuring = true;
        await released;
        return resolveStudy(asked);
      },
      version: '1',
      clock: systemClock,
      permit: new Permit(systemClock),
      signal: ending.signal,
      say: (line) => said.push(line),
    });
    try {
      await until(() => said.includes('device real is ready'));
      const asked = (number: number) =>
        own.ask(
          {
            kind: 'measure',
            id: `own-${kernel.name}-${number}`,
            study,
            spec: gelu,
            samples: [{ configuration: resolved.default, round: number }],
          },
          { pattern: 'real', fingerprint: simulated.fingerprint },
          signal,
        );
      const pollute = async (id: string): Promise<void> => {
        await redis.hset(`${PREFIX}:real:${id}`, 'data', 'not json', 'name', 'measure');
        await redis.lpush(`${PREFIX}:real:wait`, id);
        await redis.zadd(`${PREFIX}:real:marker`, 0, '0');
      };
      // One after a job that is at work, and one before another.
      const first = asked(0);
      await until(() => isMeasuring);
      await pollute('bad-1');
      release();
      expect(await first).toMatchObject({ measured: [{ state: 'timed' }] });
      await pollute('bad-2');
      expect(await asked(1)).toMatchObject({ measured: [{ state: 'timed' }] });
      const dropped = /dropped the job bad-[12]: it is no JSON/;
      await until(() => said.filter((line) => dropped.test(line)).length === 2);
      expect(await redis.llen(`${PREFIX}:real:active`)).toBe(0);
    } finally {
      ending.abort();
      await working;
      redis.disconnect();
    }
  });
});
