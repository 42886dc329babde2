import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { serializeKernel } from '../kernels/json.ts';
import { libraryKernels } from '../kernels/library.ts';
import { desktop } from './desk.fixture.ts';
import { routes } from './routes/index.ts';

const document = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        responses: z.record(
          z.string(),
          z
            .object({
              content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })),
            })
            .or(z.object({ $ref: z.literal('#/components/responses/refused') })),
        ),
      }),
    ),
  ),
});
const id = z.object({ id: z.string() });
const plan = {
  seed: 2,
  targets: ['edge-2mib'],
  studies: [{ kernel: 'gelu', shapes: ['4096', '65536'] }],
  budget: { trials: 40 },
  strategy: 'random',
};
const space = {
  parameters: [
    { name: 'tile', values: [1, 2, 4, 8, 16, 32] },
    { name: 'fast', values: [false, true] },
  ],
};

it('every answer is as /openapi.json describes it', async () => {
  const { ask, idle, store } = await desktop();
  const { body } = await ask('GET', '/openapi.json');
  const { paths } = document.parse(body);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const answered = new Set<string>();

  const check = async (
    method: 'GET' | 'POST',
    path: string,
    words: Readonly<Record<string, string>> = {},
    sent?: object,
  ): Promise<unknown> => {
    const [plain, query = ''] = path.split('?');
    const url = plain.replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name]);
    const answer = await ask(method, query === '' ? url : `${url}?${query}`, sent);
    const responses = paths[plain][method.toLowerCase()].responses;
    const described = responses[String(answer.status)];
    if (described === undefined || !('content' in described))
      throw new Error(`${method} ${url}: ${JSON.stringify(answer)}`);
    const validate = ajv.compile(described.content['application/json'].schema);
    expect(validate(answer.body), `${method} ${url}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    answered.add(`${method} ${plain}`);
    return answer.body;
  };

  const submitted = z.object({ plan: z.string() }).parse(await check('POST', '/v1/plans', {}, { plan }));
  for (const path of ['/v1/plans/{id}/pause', '/v1/pause'] as const)
    await check('POST', path, { id: submitted.plan });
  const [{ id: study }, other] = z.array(id).parse(await check('GET', '/v1/studies'));
  await check('POST', '/v1/studies/{id}/pause', { id: study });
  await check('POST', '/v1/studies/{id}/stop', { id: study });
  await check('POST', '/v1/studies/{id}/resume', other);
  for (const path of ['/v1/plans/{id}/resume', '/v1/resume'] as const)
    await check('POST', path, { id: submitted.plan });
  await idle();
  await check('GET', '/v1/plans');
  await check('GET', '/v1/plans/{id}', { id: submitted.plan });
  await check('GET', '/v1/studies/{id}', { id: study });
  const page = await check('GET', '/v1/studies/{id}/trials?order=time&limit=1', other);
  const next = encodeURIComponent(z.object({ next: z.string() }).parse(page).next);
  await check('GET', `/v1/studies/{id}/trials?order=time&limit=1&after=${next}`, other);
  await check('GET', '/v1/studies/{id}/ladder', { id: study });
  await check('GET', '/v1/studies/{id}/why', { id: study });
  await check('GET', '/v1/best?kernel=gelu&shape=4096&target=edge-2mib');
  await check('GET', '/v1/best?kernel=gelu&shape=5000&target=edge-2mib');
  await check('GET', '/v1/best?kernel=softmax&target=hexagon-v75');
  await check('GET', '/v1/best?kernel=gelu&target=edge-2mib&objective=threads');
  await check('GET', '/v1/scaling?kernel=gelu&target=edge-2mib');
  const kernel = libraryKernels[0].build([64], 'f32');
  const sent = { name: 'own', ir: serializeKernel(kernel), source: '/home/me/own.ttir', calls: 3 };
  await check('POST', '/v1/kernels', {}, { kernels: [sent] });
  await check('GET', '/v1/kernels');
  await store.saveModel({ version: 'm1', kind: 'forest', metrics: { rank: 0.9 }, blob: Uint8Array.of(1) });
  await check('GET', '/v1/model?kind=forest');

  const opened = {
    kernel: { name: 'mine', shape: '64x64' },
    target: { name: 'board' },
    space,
    strategy: 'random',
  };
  const mine = id.parse(await check('POST', '/v1/studies', {}, opened));
  const asked = z.object({ trials: z.array(z.object({ configuration: z.record(z.string(), z.unknown()) })) });
  for (const outcome of [{ timeUs: 12.5 }, { samplesUs: [9, 11, 10] }, { invalid: { reason: 'compile' } }]) {
    const { trials } = asked.parse(await check('POST', '/v1/studies/{id}/ask', mine, {}));
    const results = trials.map(({ configuration }) => ({ configuration, ...outcome }));
    await check('POST', '/v1/studies/{id}/tell', mine, { results });
  }
  await check('POST', '/v1/studies/{id}/predict', mine, { configurations: [{ tile: 4, fast: true }] });
  await check('GET', '/v1/studies/{id}/trials?state=invalid', mine);
  await check('GET', '/v1/best?kernel=mine&shape=64x64&target=board');
  await check('POST', '/v1/studies/{id}/cancel', mine);
  for (const action of ['stop', 'cancel'] as const) {
    await check('POST', `/v1/plans/{id}/${action}`, { id: submitted.plan });
    await check('POST', `/v1/${action}`);
  }
  await check('GET', '/v1/devices');
  await check('GET', '/healthz');
  const streams = ['GET /v1/events', 'GET /metrics'];
  expect([...answered, ...streams].sort()).toEqual(
    Object.entries(paths)
      .flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
      )
      .sort(),
  );
  expect(answered.size).toBe(routes.length + 1);
  expect(JSON.stringify(body)).not.toContain('readOnly');
});
