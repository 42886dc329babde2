import { expect, it } from 'vitest';
import { z } from 'zod';
import { desktop } from './desk.fixture.ts';

const headers = { host: '127.0.0.1:7070' };

const small = { kernel: 'gelu', shapes: ['4096'] };

it('gives the time of a study under the name of how it was timed, before a comparison and after one', async () => {
  const { ask, idle, server } = await desktop();
  const space = { parameters: [{ name: 'a', values: [1, 2] }] };
  const { body } = await ask('POST', '/v1/studies', {
    kernel: { name: 'k' },
    target: { name: 't' },
    space,
  });
  const { id } = z.object({ id: z.string() }).parse(body);
  const untold = await ask('GET', `/v1/studies/${id}`);
  expect(untold.body).toMatchObject({ fastestUs: null, comparedUs: null, best: { unknown: 'not tried' } });
  await ask('POST', `/v1/studies/${id}/tell`, { results: [{ configuration: { a: 2 }, timeUs: 6 }] });
  const told = { fastestUs: 6, comparedUs: null, best: { configuration: { a: 2 }, basis: 'trial' } };
  expect((await ask('GET', `/v1/studies/${id}`)).body).toMatchObject(told);
  const plan = { studies: [small], targets: ['edge-2mib'], budget: { trials: 32 }, strategy: 'random' };
  await ask('POST', '/v1/plans', { plan });
  await idle();
  const [planned] = z.array(z.object({ id: z.string() })).parse((await ask('GET', '/v1/plans')).body);
  const { body: summary } = await ask('GET', `/v1/plans/${planned.id}`);
  const [own] = z.object({ studies: z.array(z.looseObject({ study: z.string() })) }).parse(summary).studies;
  const { body: listed } = await ask('GET', `/v1/studies/${own.study}`);
  for (const each of [own, listed])
    expect(each).toMatchObject({
      ...{ fastestUs: expect.any(Number), comparedUs: expect.any(Number) },
      best: { configuration: expect.any(Object), basis: 'comparison' },
    });
  const { payload } = await server.inject({ method: 'GET', url: '/metrics', headers });
  expect(payload).not.toMatch(/best_seconds|best_unknown/);
  expect(payload).not.toMatch(new RegExp(`compared_seconds\\{study="${id}"`));
  expect(payload).toMatch(new RegExp(`fastest_seconds\\{study="${id}".*\\} 0.000006$`, 'm'));
});
