import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { planSchema } from '../ask/plan.ts';
import { plannedStudies } from '../ask/planned-studies.ts';
import { studySpecSchema } from '../ask/study-spec.ts';
import { forecastFleet } from '../cli/forecast-fleet.ts';
import { deviceDocument } from './device-document.ts';
import type { FleetDevice } from './fleet.ts';
import { fits } from './meant-devices.ts';
import { openOnDevices } from './open-on-devices.ts';
import { spreadOverFleet } from './resolve-on-fleet.ts';

const reference = { kind: 'device', device: 'board-*' } as const;
const spec = studySpecSchema.parse({ kernel: { kind: 'named', name: 'mine' }, target: reference });

function device(name: string, fingerprint: string, kernel: string | null, called = fingerprint): FleetDevice {
  const own = kernel === null ? null : ({ kind: 'opaque', name: kernel, shape: [1], dtype: 'f32' } as const);
  const target = { name: called, kind: 'device', fingerprint, features: {}, description: {} } as const;
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
    const found = await spread(
      device('board-a', 'x', 'mine'),
      device('board-b', 'y', 'mine'),
      device('board-c', 'x', 'mine'),
    );
    expect(found).toEqual(['x', 'y'].map((fingerprint) => ({ ...reference, fingerprint })));
  });

  it('is refused where some differ under one name: each would be an earlier version of the other', async () => {
    await expect(
      spread(device('board-a', 'x', 'mine', 'command'), device('board-b', 'y', 'mine', 'command')),
    ).rejects.toThrow(/board-a and board-b differ, and both are called command.*--firmware/);
  });

  it('leaves out devices that run another kernel, and is refused where all do', async () => {
    const fingerprints = (targets: readonly object[]) => targets.map((target) => JSON.stringify(target));
    expect(fingerprints(await spread(device('board-a', 'x', 'other'), device('board-b', 'y', null)))).toEqual(
      fingerprints([{ ...reference, fingerprint: 'y' }]),
    );
    await expect(spread(device('board-a', 'x', 'other'))).rejects.toThrow(/runs other, not mine/);
  });

  it('is refused where no device is there, and stays as it is where its fingerprint is known', async () => {
    await expect(spread()).rejects.toThrow(/no device 'board-\*' is there/);
    const known = { ...reference, fingerprint: 'z' };
    const asked = { ...spec, target: known };
    const devices = async () => [device('a', 'x', 'mine')];
    expect(await spreadOverFleet(asked, known, { devices })).toEqual([asked]);
  });
});

describe('a plan of overlapping names', () => {
  const plan = planSchema.parse({
    targets: [{ device: 'f-1' }, 'wasm', { device: 'f-2' }, { device: 'f-*' }],
    studies: [{ kernel: 'mine' }],
  });
  const [{ spec: union }, ...others] = plannedStudies(plan, 0);
  const there = ['f-1', 'f-2', 'f-3'].map((name) => device(name, 'x', 'mine'));

  it('is one study of all their devices', async () => {
    expect(others.map((one) => one.spec.target)).toEqual([{ kind: 'named', name: 'wasm' }]);
    if (union.target.kind !== 'device') throw new Error('no device');
    expect(await spreadOverFleet(union, union.target, { devices: async () => there })).toEqual([
      { ...union, target: { kind: 'device', device: 'f-1,f-2,f-*', fingerprint: 'x' } },
    ]);
    expect(there.every((one) => fits('f-1,f-2,f-*', one.device))).toBe(true);
    expect(fits('f-1,f-2', 'f-3')).toBe(false);
  });

  it('is refused where one of the names fits nobody, by a dry run as by what it stands for', async () => {
    if (union.target.kind !== 'device') throw new Error('no device');
    const { target } = union;
    const fewer = there.filter((one) => one.device !== 'f-2');
    const message = /no device 'f-2' is there/;
    await expect(spreadOverFleet(union, target, { devices: async () => fewer })).rejects.toThrow(message);
    const documents = fewer.map((one) =>
      deviceDocument({ ...one, measured: { samples: 0, busyMs: 0 }, lost: 0, aside: null }),
    );
    expect(() => forecastFleet(plannedStudies(plan, 0)[0], target.device, documents, 0)).toThrow(message);
  });

  it('lists in a dry run one study for them, and refuses another kernel as `submit` does', () => {
    const documents = there.map((one) =>
      deviceDocument({ ...one, measured: { samples: 0, busyMs: 0 }, lost: 0, aside: null }),
    );
    const [planned] = plannedStudies(plan, 0);
    expect(forecastFleet(planned, 'f-1,f-2,f-*', documents, 0)).toHaveLength(1);
    const gelu = { ...planned, spec: { ...planned.spec, kernel: { kind: 'named', name: 'gelu' } as const } };
    expect(() => forecastFleet(gelu, 'f-*', documents, 0)).toThrow(/runs mine, not gelu/);
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
