import { expect, it } from 'vitest';
import { desktop } from '../http/desk.fixture.ts';
import { waitsFor } from './waiting.ts';

it('says what a study without trials waits for', async () => {
  const { ask, store } = await desktop();
  const space = { parameters: [{ name: 'a', values: [1, 2] }] };
  await ask('POST', '/v1/studies', { kernel: { name: 'k' }, target: { name: 't' }, space });
  const [told] = await store.studies();
  expect(waitsFor(told, false, 0)).toMatch(/first result that a program tells/);
  expect(waitsFor({ ...told, settled: 1 }, false, 0)).toBeNull();
  const planned = { ...told, study: { ...told.study, spec: {} } };
  const on = (kind: 'simulator' | 'native') => ({ ...planned, target: { ...planned.target, kind } });
  expect(waitsFor(on('simulator'), true, 3)).toBe(
    'It waits for its turn: the daemon is at work on other studies.',
  );
  expect(waitsFor(on('native'), true, 3)).toMatch(/its turn.* It is measured while no other study runs\.$/);
  expect(waitsFor(planned, true, 0)).toMatch(/is being prepared/);
  expect(waitsFor(planned, false, 3)).toMatch(/No plan that runs has it/);
  const paused = { ...planned, study: { ...planned.study, state: 'paused' as const } };
  expect(waitsFor(paused, true, 3)).toMatch(/is paused/);
  const { body } = await ask('GET', `/dashboard/data/studies/${told.study.id}`);
  expect(body).toMatchObject({ waitsFor: expect.stringMatching(/first result that a program tells/) });
});
