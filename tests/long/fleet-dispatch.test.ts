import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/fleet/connection.ts';
import type { DeviceJob } from '../../src/fleet/messages.ts';
import { systemClock } from '../../tuner/clock.ts';
import { hasRedis, until } from './fleet-processes.fixture.ts';
import { failed, fleetOfToldDevices, job, pool, timed } from './told-devices.fixture.ts';

const { signal } = new AbortController();
describe.skipIf(!hasRedis)('a fleet (needs redis-server)', { timeout: 60_000 }, () => {
  it('counts no failure that only one device has seen, and sets that one aside', async () => {
    const { fleet: own, device, listed } = await fleetOfToldDevices();
    const bad = await device('bad', failed);
    const good = await device('good', timed);
    await until(async () => (await own.devices('*')).length === 2);
    let asked = 0;
    // The good one may be so quick that the other gets hardly a job.
    while (bad.jobs < 3) {
      const numbers = Array.from({ length: 16 }, (_, number) => asked + number);
      asked += numbers.length;
      const answers = await Promise.all(numbers.map((number) => own.ask(job(number), pool, signal)));
      for (const answer of answers) expect(answer).toMatchObject({ measured: [{ state: 'timed' }] });
    }
    expect(good.jobs).toBe(asked);
    // It may have more in its hands.
    expect(bad.jobs).toBeLessThanOrEqual(8);
    expect(await listed('bad')).toMatchObject({ aside: expect.stringMatching(/failed 3 times in a row/) });
    expect(await listed('good')).toMatchObject({ aside: null });
    expect(own.count(pool)).toBe(1);
  });

  it('counts a failure that two devices have seen, and sets neither aside', async () => {
    const { fleet: own, device, listed } = await fleetOfToldDevices();
    const answer = (asked: DeviceJob) => (asked.id.endsWith('9') ? timed(asked) : failed(asked));
    const boards = [await device('one', answer), await device('two', answer), await device('three', answer)];
    await until(async () => (await own.devices('*')).length === 3);
    const numbers = Array.from({ length: 10 }, (_, number) => number);
    const answers = await Promise.all(numbers.map((number) => own.ask(job(number), pool, signal)));
    const states = answers.map((given) => (given?.kind === 'measured' ? given.measured[0].state : ''));
    expect(states).toEqual([...Array(9).fill('invalid'), 'timed']);
    expect(boards.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(19);
    for (const name of ['one', 'two', 'three']) expect(await listed(name)).toMatchObject({ aside: null });
  });

  it('believes a device that fails where it is alone', async () => {
    const { fleet: own, device } = await fleetOfToldDevices();
    const only = await device('only', failed);
    for (let number = 0; number < 5; number++)
      expect(await own.ask(job(number), pool, signal)).toMatchObject({ measured: [{ state: 'invalid' }] });
    expect(only.jobs).toBe(5);
  });

  it('goes on without a worker of another version, which refuses, and says what it said', async () => {
    const { fleet: own, device, listed } = await fleetOfToldDevices();
    await device('old', ({ id, lease }) => ({ kind: 'refused', id, lease, message: 'cannot read the job' }));
    expect(await own.ask(job(0), pool, signal)).toMatchObject({ kind: 'refused' });
    await device('with-another', timed);
    await until(async () => (await own.devices('*')).length === 2);
    for (let number = 1; number < 6; number++)
      expect(await own.ask(job(number), pool, signal)).toMatchObject({ kind: 'measured' });
    expect(await listed('old')).toMatchObject({ aside: 'refuses: cannot read the job' });
  });

  it('refuses an answer with another lease, asks again, and counts the job as lost', async () => {
    const { fleet: own, device, listed } = await fleetOfToldDevices();
    const stale = await device('stale', (asked) => ({
      ...timed(asked),
      lease: stale.jobs === 1 ? asked.lease + 1 : asked.lease,
    }));
    expect(await own.ask(job(0), pool, signal)).toMatchObject({ measured: [{ state: 'timed' }] });
    expect(stale.jobs).toBe(2);
    expect(await listed('stale')).toMatchObject({ lost: 1 });
  });

  it('passes over a name that no device of ours can have', async () => {
    const { fleet: own, device, port } = await fleetOfToldDevices();
    await device('only', timed);
    const redis = connect({ url: `redis://127.0.0.1:${port}` });
    const presence = await redis.get('nightshift:device:only');
    for (const name of ['../x', 'a:b', '\u001b[31mred', 'x'.repeat(65)]) {
      await redis.zadd('nightshift:seen', Date.now(), name);
      await redis.set(`nightshift:device:${name}`, presence ?? '');
    }
    redis.disconnect();
    expect((await own.devices('*')).map((one) => one.device)).toEqual(['only']);
  });

  it('forgets a device that nobody has claimed for a week, and what it lost', async () => {
    const { device, listed, port } = await fleetOfToldDevices();
    await device('there', timed);
    const redis = connect({ url: `redis://127.0.0.1:${port}` });
    const weekAgo = Date.now() - 7 * 24 * 3_600_000;
    await redis.zadd('nightshift:seen', weekAgo - 60_000, 'old', weekAgo + 60_000, 'recent');
    await redis.hset('nightshift:lost', 'old', 4);
    expect(await listed('old')).toBeUndefined();
    expect(await listed('recent')).toMatchObject({ presence: null });
    expect(await listed('there')).toMatchObject({ presence: { instance: 'there' } });
    expect(await redis.hgetall('nightshift:lost')).toEqual({});
    redis.disconnect();
  });

  it('waits for devices that are all gone, and says so after five minutes', async () => {
    const hasted = { now: () => Date.now(), elapsed: () => 100 * systemClock.elapsed() };
    const { other, device } = await fleetOfToldDevices();
    const own = other(hasted);
    const asked = own.ask(job(0), pool, signal);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await device('late', timed);
    expect(await asked).toMatchObject({ kind: 'measured' });
    const nobody = { ...pool, pattern: 'nobody' };
    await expect(own.ask(job(1), nobody, signal)).rejects.toThrow(/has been there for 5 minutes/);
  });

  it('gives a slow device less, and keeps none waiting for it', async () => {
    const { fleet: own, device } = await fleetOfToldDevices();
    const slow = await device('slow', async (asked) => {
      await new Promise((resolve) => setTimeout(resolve, 800));
      return timed(asked);
    });
    const quick = await device('quick', timed);
    await until(async () => (await own.devices('*')).length === 2);
    await Promise.all(Array.from({ length: 30 }, (_, number) => own.ask(job(number), pool, signal)));
    expect(slow.jobs + quick.jobs).toBe(30);
    expect(slow.jobs).toBeLessThan(quick.jobs / 4);
  });

  it('spreads what several studies ask for over all devices', async () => {
    const { fleet: own, other, device } = await fleetOfToldDevices();
    const slowly = async (asked: DeviceJob): Promise<object> => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return timed(asked);
    };
    const boards = [];
    for (const name of ['a', 'b', 'c', 'd']) boards.push(await device(name, slowly));
    const fleets = [own, other(), other(), other()];
    for (const one of fleets) await until(async () => (await one.devices('*')).length === 4);
    // Each has one job under way: each device has one, too.
    const asking = fleets.map(async (one, place) => {
      await new Promise((resolve) => setTimeout(resolve, 50 * place));
      for (let number = 0; number < 12; number++) await one.ask(job(100 * place + number), pool, signal);
    });
    await Promise.all(asking);
    // Of 48, as far as a busy machine lets them be even.
    for (const { jobs } of boards) expect(jobs).toBeGreaterThanOrEqual(3);
  });

  it('waits while Redis is full, and loses nothing', async () => {
    const { fleet: own, device, port } = await fleetOfToldDevices();
    const only = await device('only', timed);
    expect(await own.ask(job(0), pool, signal)).toMatchObject({ kind: 'measured' });
    const limit = (bytes: string): Buffer =>
      execFileSync('redis-cli', ['-p', `${port}`, 'CONFIG', 'SET', 'maxmemory', bytes]);
    limit('1');
    let answered = 0;
    const asked = [1, 2, 3].map((number) =>
      own.ask(job(number), pool, signal).then((answer) => {
        answered++;
        return answer;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(answered).toBe(0);
    limit('0');
    for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ kind: 'measured' });
    expect(only.jobs).toBe(4);
  });

  it('takes back what nobody waits for any more, unless a device has begun it', async () => {
    const { fleet: own, device } = await fleetOfToldDevices();
    let finish = (): void => {};
    const begun = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const only = await device('only', async (asked) => {
      await begun;
      return timed(asked);
    });
    const ending = new AbortController();
    const rounds = [0, 1].map((number) => own.ask(job(number), pool, ending.signal, true));
    await until(() => only.jobs === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    ending.abort();
    expect(await Promise.all(rounds)).toEqual([undefined, undefined]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    finish();
    expect(await own.ask(job(2), pool, signal)).toMatchObject({ id: 'job-2' });
    expect(only.jobs).toBe(2);
  });
});
