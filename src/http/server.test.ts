import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { serializeKernel } from '../kernels/json.ts';
import { libraryKernel } from '../kernels/library.ts';
import { findHexagonTools } from '../targets/npu/compiled/hexagon-tools.ts';
import { desktop } from './desk.fixture.ts';
import { rateLimit } from './rate-limit.ts';

const headers = { host: '127.0.0.1:7070' };
const small = { kernel: 'gelu', shapes: ['4096'] };

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-http-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('refuses', () => {
  it.each([
    ['GET', '/v1/nothing', undefined, 404, /nothing answers GET/],
    ['GET', '/v1/studies/zzz', undefined, 404, /no single study/],
    ['GET', '/v1/plans/zzz', undefined, 404, /no plan/],
    ['GET', '/v1/studies?state=odd', undefined, 400, /state: /],
    ['GET', '/v1/studies?colour=red', undefined, 400, /^colour: unknown field/],
    ['GET', '/v1/best?kernel=gelu', undefined, 400, /^target: is missing/],
    ['GET', '/v1/best?kernel=gelo&target=hexagon-v75', undefined, 400, /did you mean 'gelu'/],
    ['GET', '/v1/best?kernel=gelu&target=hexagon-v99', undefined, 400, /hexagon-v79/],
    ['GET', '/v1/best?kernel=gelu&target=hexagon-v75&shape=-4', undefined, 400, /shape/],
    ['GET', '/v1/best?kernel=gelu&target=hexagon-v75&objective=a,a', undefined, 400, /objective: .*twice/],
    ['POST', '/v1/plans', { plan: { studies: [] } }, 400, /plan.studies: got \[\], expected at least 1/],
    [
      'POST',
      '/v1/plans',
      { plan: { studies: [{ kernel: 'gelu', tragets: ['x'] }] } },
      400,
      /tragets: unknown field, did you mean 'targets'/,
    ],
    ['POST', '/v1/plans', { plan: { studies: [{ kernel: 'gelo' }] } }, 400, /gelu/],
    ['POST', '/v1/plans', { plan: { studies: [small], budget: { until: '7 am' } } }, 400, /HH:MM/],
    [
      'POST',
      '/v1/plans',
      { plan: { studies: [small], timeZone: 'Mars', budget: { until: '07:00' } } },
      400,
      /timeZone/,
    ],
    ['POST', '/v1/plans', { plan: { studies: [{ ...small, strategy: 'luck' }] } }, 400, /strategy/],
  ] as const)('%s %s %j', async (method, path, body, status, message) => {
    const { ask, store } = await desktop();
    const answer = await ask(method, path, body);
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringMatching(message) } } });
    expect(await store.plans()).toEqual([]);
  });

  it('an active plan that is submitted again, unless a new one is requested', async () => {
    const { ask, store, idle } = await desktop();
    const plan = { studies: [small], targets: ['edge-2mib'], budget: { trials: 200 }, strategy: 'random' };
    const both = await Promise.all([ask('POST', '/v1/plans', { plan }), ask('POST', '/v1/plans', { plan })]);
    const [{ id }] = await store.plans();
    expect(both).toMatchObject([
      { status: 201, body: { plan: id } },
      {
        status: 409,
        body: { error: { message: expect.stringMatching(`as ${id} since .* not submitted again`) } },
      },
    ]);
    expect((await ask('POST', '/v1/plans', { plan, again: true })).status).toBe(201);
    expect(await store.plans()).toHaveLength(2);
    await idle();
    expect((await ask('POST', '/v1/plans', { plan })).status).toBe(201);
    await idle();
  });

  it('a result in an unknown form, with the expected form', async () => {
    const { ask } = await desktop();
    const opened = {
      kernel: { name: 'k' },
      target: { name: 't' },
      space: { parameters: [{ name: 'a', values: [1, 2] }] },
    };
    const { body } = await ask('POST', '/v1/studies', opened);
    const { id } = z.object({ id: z.string() }).parse(body);
    const results = [{ configuration: { a: 1 }, invalid: { kind: 'compile' } }];
    const answer = await ask('POST', `/v1/studies/${id}/tell`, { results });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^results.0.invalid/) } },
    });
  });

  it('an action on a study that is over and has no visit', async () => {
    const { ask, store, idle } = await desktop();
    const plan = { studies: [small], targets: ['edge-2mib'], budget: { trials: 20 }, strategy: 'random' };
    await ask('POST', '/v1/plans', { plan });
    await idle();
    const [{ study }] = await store.studies();
    for (const action of ['pause', 'resume', 'stop', 'cancel'])
      expect(await ask('POST', `/v1/studies/${study.id}/${action}`), action).toMatchObject({
        status: 409,
        body: { error: { message: expect.stringContaining(`no visit to ${action}`) } },
      });
    expect(await store.study(study.id)).toMatchObject({ state: 'done' });
  });

  it('to resume what is not paused, and resumes only what is', async () => {
    const { ask, store, idle } = await desktop();
    const plan = { studies: [{ kernel: 'gelu', shapes: ['4096', '8192'] }], targets: ['edge-2mib'] };
    await ask('POST', '/v1/plans', { plan: { ...plan, budget: { trials: 1000 }, strategy: 'random' } });
    const [first, second] = (await store.studies()).map(({ study }) => study.id);
    expect(await ask('POST', '/v1/resume')).toMatchObject({ status: 200, body: { studies: [] } });
    expect(await ask('POST', `/v1/studies/${first}/resume`)).toMatchObject({
      status: 409,
      body: { error: { message: `study ${first} is not paused: there is nothing to resume` } },
    });
    await ask('POST', `/v1/studies/${second}/pause`);
    expect(await ask('POST', '/v1/resume')).toMatchObject({ status: 200, body: { studies: [second] } });
    await ask('POST', '/v1/cancel');
    await idle();
  });

  it('no request with an empty body and the content type JSON', async () => {
    const { server } = await desktop();
    const answer = await server.inject({
      method: 'POST',
      url: '/v1/pause',
      headers: { ...headers, 'content-type': 'application/json' },
    });
    expect([answer.statusCode, answer.json()]).toEqual([200, { studies: [] }]);
  });

  it('a body that is invalid JSON, or too large', async () => {
    const { server } = await desktop();
    const post = (payload: string) =>
      server.inject({
        method: 'POST',
        url: '/v1/plans',
        headers: { ...headers, 'content-type': 'application/json' },
        payload,
      });
    expect((await post('{')).statusCode).toBe(400);
    expect((await post(`{"plan": "${'x'.repeat(5 << 20)}"}`)).statusCode).toBe(413);
  });

  it('other sites, other host names, and requests without the token', async () => {
    const { server } = await desktop({ token: 'secret' });
    const get = async (given: Readonly<Record<string, string>>) =>
      (await server.inject({ method: 'GET', url: '/v1/studies', headers: given })).statusCode;
    const authorization = 'Bearer secret';
    expect(await get({ ...headers, authorization })).toBe(200);
    expect(await get(headers)).toBe(401);
    expect(await get({ host: 'evil.example', authorization })).toBe(403);
    expect(await get({ ...headers, origin: 'https://evil.example', authorization })).toBe(403);
  });

  it('clients with too many requests, for a moment', () => {
    let now = 0;
    const waitOf = rateLimit({ now: () => now, elapsed: () => now }, 10, 3);
    const burst = Array.from({ length: 5 }, () => waitOf('a'));
    expect(burst).toEqual([0, 0, 0, 1, 1]);
    expect(waitOf('b')).toBe(0);
    now = 200;
    expect([waitOf('a'), waitOf('a'), waitOf('a')]).toEqual([0, 0, 1]);
  });
});

const hexagonTools = await findHexagonTools();
const absent = typeof hexagonTools === 'string' ? ` (skipped: ${hexagonTools})` : '';

describe('a target file’s content with compiled code', () => {
  const asked = (changes: Readonly<Record<string, unknown>>) => {
    const file = new URL('../targets/npu/machine/data/hexagon-v73.json', import.meta.url);
    const machine: unknown = { ...JSON.parse(readFileSync(file, 'utf8')), name: 'phone', ...changes };
    const target = { kind: 'machine', source: 'phone.json', machine, compiled: true };
    return { plan: { studies: [small], targets: [target] } };
  };

  it('is refused where it names no processor', async () => {
    const { ask } = await desktop();
    const message = expect.stringContaining('phone.json: names no processor to compile for');
    expect(await ask('POST', '/v1/plans', asked({ processor: undefined }))).toMatchObject({
      status: 400,
      body: { error: { message } },
    });
  });

  it.skipIf(absent !== '')(`is a target of its own${absent}`, async () => {
    vi.stubEnv('XDG_CACHE_HOME', folderWith({}));
    onTestFinished(() => void vi.unstubAllEnvs());
    const { ask } = await desktop();
    const { body } = await ask('POST', '/v1/plans', asked({}));
    expect(body).toMatchObject({ studies: [{ target: 'phone-compiled' }] });
  });
});

describe('files named in requests', () => {
  const paths = (folder: string) => [
    `${folder}/secret.json`,
    `${folder}/open/../secret.json`,
    `${folder}/open/link.json`,
    '../secret.json',
    './secret.json',
    '/etc/passwd',
    '/proc/self/environ',
    `${folder}/open`,
    'file:///etc/passwd',
  ];

  it('are never read, by any route', async () => {
    const folder = folderWith({ 'secret.json': '{"name":"secret"}', 'secret.ttir': 'module {}' });
    const { ask } = await desktop();
    for (const path of paths(folder)) {
      const refused = { status: 400, body: { error: { message: expect.stringMatching(/is a path/) } } };
      const target = await ask('GET', `/v1/best?kernel=gelu&target=${encodeURIComponent(path)}`);
      expect(target, path).toMatchObject(refused);
      const kernel = await ask('GET', `/v1/best?kernel=${encodeURIComponent(path)}&target=hexagon-v75`);
      expect(kernel, path).toMatchObject(refused);
      const plan = { studies: [small], targets: [path] };
      expect(await ask('POST', '/v1/plans', { plan }), path).toMatchObject(refused);
      const file = { studies: [small], targets: [{ file: path, compiled: true }] };
      expect(await ask('POST', '/v1/plans', { plan: file }), path).toMatchObject(refused);
      const ttir = { studies: [{ kernel: `${path}/x.ttir` }], targets: ['hexagon-v75'] };
      expect(await ask('POST', '/v1/plans', { plan: ttir }), path).toMatchObject(refused);
    }
  });

  it('are not read for another shape of a kernel with this source', async () => {
    const folder = folderWith({ 'mine.ttir': 'module {' });
    const { ask } = await desktop();
    const ir = serializeKernel(libraryKernel('gelu', [4096]));
    const source = join(folder, 'mine.ttir');
    await ask('POST', '/v1/kernels', { kernels: [{ name: 'mine', ir, source }] });
    const own = await ask('GET', '/v1/best?kernel=mine&target=hexagon-v75');
    expect(own.status).toBe(200);
    const other = await ask('GET', '/v1/best?kernel=mine&shape=8192&target=hexagon-v75');
    expect(other).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/mine is known at 4096 only/) } },
    });
    const plan = { studies: [{ kernel: 'mine', shapes: ['8192'] }], targets: ['hexagon-v75'] };
    expect(await ask('POST', '/v1/plans', { plan })).toMatchObject({ status: 400 });
  });

  it('of the user are sent with the plan, as text', async () => {
    const { ask } = await desktop();
    const kernel = { kind: 'ttir', name: 'broken', source: '/home/me/broken.ttir', text: 'module {' };
    const plan = { studies: [{ kernel }], targets: ['hexagon-v75'] };
    const { status, body } = await ask('POST', '/v1/plans', { plan });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { message: expect.stringMatching(/broken\.ttir/) } });
  });
});

describe('reports', () => {
  it('the gain of what a harness told, one time of each, without an interval', async () => {
    const { ask } = await desktop();
    const space = { parameters: [{ name: 'a', values: [1, 2] }] };
    const opened = { kernel: { name: 'k' }, target: { name: 't' }, space };
    const { body } = await ask('POST', '/v1/studies', opened);
    const { id } = z.object({ id: z.string() }).parse(body);
    const results = [1, 2].map((a) => ({ configuration: { a }, timeUs: 12 / a }));
    expect((await ask('POST', `/v1/studies/${id}/tell`, { results })).status).toBe(200);
    expect((await ask('GET', '/v1/best?kernel=k&target=t')).body).toMatchObject({
      configuration: { a: 2 },
      gainOverDefault: { value: 2, low: null, high: null },
    });
  });

  it('that the daemon lives, and its metrics', async () => {
    const { server, ask, idle, store } = await desktop();
    expect(await ask('GET', '/healthz')).toEqual({ status: 200, body: { status: 'ok', version: 'test' } });
    const plan = { studies: [small], targets: ['edge-2mib'], budget: { trials: 32 }, strategy: 'random' };
    await ask('POST', '/v1/plans', { plan });
    await idle();
    const { payload } = await server.inject({ method: 'GET', url: '/metrics', headers });
    expect(payload).toMatch(/^nightshift_trials_settled_total 32$/m);
    expect(payload).toMatch(/^nightshift_studies\{state="done"\} 1$/m);
    const [{ best, fastestUs }] = await store.studies();
    const seconds = (kind: string): number =>
      Number(
        new RegExp(`^nightshift_study_${kind}_seconds\\{.*from="simulator"\\} (\\S+)$`, 'm').exec(
          payload,
        )?.[1],
      );
    expect(best?.basis).toBe('comparison');
    expect(seconds('compared')).toBe((best?.timeUs ?? 0) / 1e6);
    expect(seconds('fastest')).toBe((fastestUs ?? 0) / 1e6);
    for (const line of payload.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [-+.\deNa]+)$/);
  });

  it('events, continued after a listener’s last one', async () => {
    const { server, daemon, ask, idle } = await desktop();
    await server.listen({ host: '127.0.0.1', port: 0 });
    const address = server.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const stream = (lastId: string | undefined, until: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const sent = request(
          {
            host: '127.0.0.1',
            port,
            path: '/v1/events',
            headers: { ...headers, ...(lastId && { 'last-event-id': lastId }) },
          },
          (answer) => {
            let text = '';
            answer.on('data', (chunk: Buffer) => {
              text += chunk;
              if (!until.test(text)) return;
              sent.destroy();
              resolve(text);
            });
          },
        );
        sent.on('error', reject);
        sent.end();
      });
    const live = stream(undefined, /event: plan\ndata: .*"ended"/);
    while (!server.server.listening) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const plan = { studies: [small], targets: ['edge-2mib'], budget: { trials: 32 }, strategy: 'random' };
    await ask('POST', '/v1/plans', { plan });
    await idle();
    const whole = await live;
    for (const kind of ['improved', 'progress', 'ended', 'plan']) expect(whole).toContain(`event: ${kind}\n`);
    const ids = [...whole.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id);
    const again = await stream(ids[0], /event: plan\ndata: .*"ended"/);
    expect([...again.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id)).toEqual(ids.slice(1));
    expect(await stream('another-life-7', /event: reset/)).toContain('event: reset');
    expect(daemon.active).toBe(0);
  });
});
