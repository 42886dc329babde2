import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { checkHealth } from './doctor.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A store with one study, whose comparison had this environment. */
async function storeWith(name: string, environment: Readonly<Record<string, number>>): Promise<string> {
  const path = join(folder, name);
  const store = await openStore(path, { mode: 'write', clock: systemClock, writer: { role: 'test' } });
  const about = { hash: 'k', name: 'k', shape: '1', dtype: 'f32', ir: null, features: {}, source: 'opaque' };
  await store.saveKernel(about);
  await store.saveTarget({ fingerprint: 't', name: 'wasm', kind: 'wasm', description: {}, features: {} });
  const { id: studyId } = await store.openStudy({
    kernelHash: 'k',
    targetFingerprint: 't',
    spaceHash: 's',
    objective: 'time',
    strategy: 'random',
    seed: 1,
    spec: null,
    space: { parameters: [{ name: 'a', kind: 'ordinal', tag: 'schedule', values: [1] }], constraints: [] },
    defaultConfiguration: { a: 1 },
    priorVersion: null,
    toolVersion: 'test',
  });
  const variants = [{ label: 'default', configuration: { a: 1 } }];
  await store.conclude({
    studyId,
    comparison: { kind: 'sampled', variants, roundsUs: [[1]], comparedAt: 0, environment },
    recommended: { configuration: { a: 1 }, timeUs: 1 },
    document: {},
    end: null,
  });
  await store.close();
  return path;
}

it.each([
  ['multiply-adds', { multiplyAddGflops: 9.8, reachedGflops: 31 }],
  ['copying', { copyGBs: 9.8, reachedCopyGBs: 31 }],
  ['a triad', { triadGBs: 9.8, reachedTriadGBs: 31 }],
])('doctor notices a result above the limit of %s', async (what, environment) => {
  const checks = await checkHealth(await storeWith(`${what}.db`, environment), systemClock);
  const limits = checks.find((check) => check.what === 'limits');
  expect(limits).toMatchObject({ state: 'warning', hint: 'tune it again' });
  expect(limits?.found).toContain(`did 31.0 G`);
  expect(limits?.found).toContain(`limit of ${what} was measured as 9.80`);
});

it('doctor says that no result is above a limit', async () => {
  const path = await storeWith('sound.db', { copyGBs: 9.8, reachedCopyGBs: 9 });
  const limits = (await checkHealth(path, systemClock)).find((check) => check.what === 'limits');
  expect(limits?.state).toBe('ok');
});
