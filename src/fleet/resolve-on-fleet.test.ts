import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { studySpecSchema } from '../ask/study-spec.ts';
import type { FleetDevice } from './fleet.ts';
import { openOnDevices } from './open-on-devices.ts';
import { spreadOverFleet } from './resolve-on-fleet.ts';

const reference = { kind: 'device', device: 'board-*' } as const;
const spec = studySpecSchema.parse({ kernel: { kind: 'named', name: 'mine' }, target: reference });

function device(name: string, fingerprint: string, kernel: string | null): FleetDevice {
  const own = kernel === null ? null : ({ kind: 'opaque', name: kernel, shape: [1], dtype: 'f32' } as const);
  const target = { name: 't', kind: 'device', fingerprint, features: {}, description: {} } as const;
  const presence = {
    instance: name,
    host: 'h',
    version: '1',
    identity: { target, metrics: null, kernel: own },
    since: 0,
    work: null,
  };
  return { device: name, presence, isAside: false };
}

const spread = async (...devices: readonly FleetDevice[]) =>
  (await spreadOverFleet(spec, reference, { devices: async () => devices })).map(({ target }) => target);

describe('a study of devices', () => {
  it('is one for each fingerprint, so that devices that differ do not mix', async () => {
    const found = await spread(device('a', 'x', 'mine'), device('b', 'y', 'mine'), device('c', 'x', 'mine'));
    expect(found).toEqual(['x', 'y'].map((fingerprint) => ({ ...reference, fingerprint })));
  });

  it('leaves out devices that run another kernel, unless all do', async () => {
    const fingerprints = (targets: readonly object[]) => targets.map((target) => JSON.stringify(target));
    expect(fingerprints(await spread(device('a', 'x', 'other'), device('b', 'y', null)))).toEqual(
      fingerprints([{ ...reference, fingerprint: 'y' }]),
    );
    expect(await spread(device('a', 'x', 'other'))).toHaveLength(1);
  });

  it('stays as it is where no device is there, and where its fingerprint is known', async () => {
    expect(await spread()).toEqual([reference]);
    const known = { ...reference, fingerprint: 'z' };
    const asked = { ...spec, target: known };
    const devices = async () => [device('a', 'x', 'mine')];
    expect(await spreadOverFleet(asked, known, { devices })).toEqual([asked]);
  });
});

describe('what a study is, on devices', () => {
  const opened = {
    kind: 'opened',
    id: 'o',
    lease: 1,
    space: { parameters: [], constraints: [] },
    default: {},
    rounds: null,
    batchSize: 1,
  } as const;
  const refused = { kind: 'refused', id: 'o', lease: 1, message: 'too old' } as const;

  /** What the first answers is what the others are asked after. */
  async function openBy(answers: Readonly<Record<string, typeof opened | typeof refused | 'silent'>>) {
    const asked: string[] = [];
    const names = Object.keys(answers);
    const answer = await openOnDevices(
      spec,
      { pattern: '*', fingerprint: 'x' },
      {
        devices: async () => names.map((name) => device(name, 'x', 'mine')),
        ask: (_, { pattern }, signal) => {
          asked.push(pattern);
          const given = answers[pattern];
          if (given !== 'silent') return Promise.resolve(given);
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
        },
      },
      'owner',
    );
    return { answer, asked };
  }

  it('is what the first says that opens it, and one is asked where one suffices', async () => {
    expect(await openBy({ a: opened, b: opened })).toEqual({ answer: opened, asked: ['a'] });
    expect(await openBy({ a: refused, b: opened, c: opened })).toEqual({ answer: opened, asked: ['a', 'b'] });
    expect(await openBy({ a: refused, b: refused })).toEqual({ answer: refused, asked: ['a', 'b'] });
  });

  it('is asked of another one where one is silent', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const opening = openBy({ a: 'silent', b: opened });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await opening).toEqual({ answer: opened, asked: ['a', 'b'] });
  });
});
