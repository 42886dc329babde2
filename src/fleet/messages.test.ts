import { expect, it } from 'vitest';
import { planSchema } from '../ask/plan.ts';
import { plannedStudies } from '../ask/planned-studies.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { describeIssue, mainIssue } from '../text/describe-issue.ts';
import { fleetAddress } from './address.ts';
import { deviceJobSchema, deviceNameSchema } from './messages.ts';

const spec = { kernel: { kind: 'named', name: 'gelu' }, target: { kind: 'device', device: 'board-*' } };
const job = {
  kind: 'measure',
  id: 'a',
  lease: 1,
  study: 's',
  spec,
  samples: [{ configuration: { tile: 1 }, round: 0 }],
};

it('a job gives values only: what would be executed is refused', () => {
  expect(deviceJobSchema.safeParse(job).success).toBe(true);
  for (const more of [{ argv: ['sh'] }, { build: 'cc' }, { lease: 0 }, { samples: [] }, { kind: 'run' }])
    expect(deviceJobSchema.safeParse({ ...job, ...more }).success).toBe(false);
  const configuration = { tile: { $gt: 1 } };
  expect(deviceJobSchema.safeParse({ ...job, samples: [{ configuration, round: 0 }] }).success).toBe(false);
});

it.each(['', '..', '.hidden', 'a/b', 'a:b', 'a b', 'a\n', '*', 'ä', 'x'.repeat(65)])(
  '%j names no device',
  (name) => {
    expect(deviceNameSchema.safeParse(name).success).toBe(false);
  },
);

it('an address is that of a Redis, and its own password goes before another one', () => {
  expect(fleetAddress('redis://host:6379', 'p')).toEqual({ url: 'redis://host:6379', password: 'p' });
  expect(fleetAddress('rediss://:own@host', 'p')).toEqual({ url: 'rediss://:own@host' });
  for (const text of ['host:6379', 'http://host', 'redis://', ''])
    expect(() => fleetAddress(text, undefined)).toThrow(/--fleet: is not the address of a Redis/);
});

it('a plan names devices, which a daemon without a fleet refuses', async () => {
  const plan = planSchema.parse({ targets: [{ device: 'board-*' }], studies: [{ kernel: 'gelu', wave: 4 }] });
  const [{ spec: planned }] = plannedStudies(plan, 0);
  expect(planned).toMatchObject({ target: { kind: 'device', device: 'board-*' }, wave: 4 });
  await expect(resolveTarget(planned.target)).rejects.toThrow(/start the daemon with --fleet/);
  expect(planSchema.safeParse({ targets: [{ device: 'a;b' }], studies: [{ kernel: 'gelu' }] }).success).toBe(
    false,
  );
});

it('a pattern that is none is told what one is', () => {
  const plan = { targets: [{ device: 'board 1' }], studies: [{ kernel: 'gelu' }] };
  const { error } = planSchema.safeParse(plan);
  expect(describeIssue(mainIssue(error?.issues ?? [], plan), plan, planSchema)).toMatch(
    /targets.0.device: got "board 1", expected .*board-\*/,
  );
});
