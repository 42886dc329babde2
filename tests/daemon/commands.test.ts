import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePlan } from '../../src/ask/plan-text.ts';
import { inProcess } from '../cli/in-process.fixture.ts';
import { DaemonProcess, testFolder } from './daemon-process.ts';

const nightshift = (store: string, ...words: readonly string[]) =>
  inProcess([...words, '--store', store], {});

const question = 'tune gelu --shape 65536 --target edge-2mib --trials 24 --format json'.split(' ');
const sizes =
  'scaling gelu --sizes 2^12..2^14 --target edge-2mib --trials 16 --strategy random --format json'.split(' ');
const plan = `targets: [edge-2mib]
strategy: random
studies:
  - { kernel: gelu, shapes: ["4096", "65536"] }
budget: { trials: 32 }
`;
const cache = fileURLToPath(new URL('../../../shared/inductor/models/torchinductor_gpt', import.meta.url));

describe('commands and a daemon', () => {
  it('tune and scaling run in the daemon that holds the store, with the same findings', async () => {
    const folder = testFolder();
    const [alone, held] = [join(folder, 'alone.db'), join(folder, 'held.db')];
    const daemon = await DaemonProcess.start(held);
    const through = await nightshift(held, ...question);
    expect(through).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/holds this store; the work is done there/),
    });
    expect(JSON.parse(through.stdout)).toEqual(JSON.parse((await nightshift(alone, ...question)).stdout));
    const verified = await nightshift(held, ...question, '--verify');
    const { verification } = JSON.parse(verified.stdout);
    expect(verification).toMatchObject({ verdict: 'faster', by: 0, falseClaims: null });
    expect(verification.sentence).toContain('times repeat exactly');
    expect(verification.sentence).not.toContain('timing');
    const refused = await nightshift(held, 'store', 'gc');
    expect(refused).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/`tune`, `scaling`, `submit` and `import`/),
    });
    // All sizes at once.
    const scaled = await nightshift(held, ...sizes);
    expect(scaled.code).toBe(0);
    expect(JSON.parse(scaled.stdout)).toEqual(JSON.parse((await nightshift(alone, ...sizes)).stdout));
    const predicted = await nightshift(held, 'predict', 'gelu', '--shape', '5000', '--target', 'wasm');
    expect(predicted).toMatchObject({ code: 6, stderr: expect.stringMatching(/a daemon holds the store/) });
    expect(await daemon.end('SIGTERM')).toBe(0);
  });

  it('submit, watch, status and steering report the progress of a plan', async () => {
    const folder = testFolder();
    const store = join(folder, 'nightshift.db');
    writeFileSync(join(folder, 'plan.yaml'), plan);
    const dry = await nightshift(store, 'submit', join(folder, 'plan.yaml'), '--dry-run', '--format', 'json');
    const planned = z.object({ planned: z.array(z.object({ shape: z.string(), forMs: z.number() })) });
    expect(planned.parse(JSON.parse(dry.stdout)).planned.map(({ shape }) => shape)).toEqual([
      '4096',
      '65536',
    ]);
    writeFileSync(
      join(folder, 'night.yaml'),
      `${plan}total: { trials: 40, for: 2h }\ntimeZone: Europe/Berlin\n`.replace('32', '32, until: "07:00"'),
    );
    const night = await nightshift(store, 'submit', join(folder, 'night.yaml'), '--dry-run');
    expect(night.stdout).toMatch(/until \d{4}-\d\d-\d\d 07:00 Europe\/Berlin, 200 without 1 %/);
    expect(night.stderr).toMatch(/In all: 40 trials, 2 h\./);
    expect(existsSync(store)).toBe(false);
    expect((await nightshift(store, 'submit', join(folder, 'plan.yaml'))).code).toBe(6);
    expect((await nightshift(store, 'status')).stderr).toMatch(/no daemon holds .*nightshift daemon --store/);

    const daemon = await DaemonProcess.start(store);
    expect((await nightshift(store, 'submit', join(folder, 'plan.yaml'))).stdout).toMatch(/2 studies/);
    const watched = await nightshift(store, 'watch');
    expect(watched).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Plan \w+ ended at .*`nightshift export`/),
    });
    const status = await nightshift(store, 'status', '--format', 'json');
    const shown = z.object({ status: z.array(z.object({ shape: z.string(), stateInPlan: z.string() })) });
    expect(shown.parse(JSON.parse(status.stdout)).status).toEqual([
      { shape: '4096', stateInPlan: 'trials' },
      { shape: '65536', stateInPlan: 'trials' },
    ]);
    expect(status.stderr).toMatch(/Nothing to do: plan \w+ ended at/);
    expect((await nightshift(store, 'pause')).stdout).toMatch(/No study is active/);
    expect((await nightshift(store, 'resume')).stdout).toBe('No study is paused.\n');
    expect((await nightshift(store, 'stop', 'zzz')).code).toBe(6);
    expect((await nightshift(store, 'doctor')).stdout).toMatch(/daemon \(pid \d+\) on 127\.0\.0\.1:\d+/);
    expect(await daemon.end('SIGTERM')).toBe(0);
  });

  it.skipIf(!existsSync(cache))(
    'plan weighs all kernels of a torchinductor cache (needs ../shared/inductor)',
    async () => {
      const folder = testFolder();
      const store = join(folder, 'nightshift.db');
      const file = join(folder, 'model.yaml');
      const daemon = await DaemonProcess.start(store);
      const made = await nightshift(store, 'plan', 'from', cache, '-o', file, '--trials', '16');
      expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/model\.yaml: \d+ kernels/) });
      const { studies } = parsePlan(file, readFileSync(file, 'utf8'));
      expect(studies.length).toBeGreaterThan(10);
      expect(studies[0].calls).toBeGreaterThan(1);
      const { body } = await daemon.get('/v1/kernels');
      const names = z
        .array(z.object({ name: z.string() }))
        .parse(body)
        .map(({ name }) => name);
      expect(names.sort()).toEqual(studies.map(({ kernel }) => kernel).sort());
      expect(await daemon.end('SIGTERM')).toBe(0);
    },
  );
});
