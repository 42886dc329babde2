import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoints } from '../../src/http/endpoints.ts';
import type { Route } from '../../src/http/route.ts';
import { routes } from '../../src/http/routes/index.ts';
import { noBody } from '../../src/http/schemas.ts';
import { serializeKernel } from '../../src/kernels/json.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { DaemonProcess, testFolder } from '../daemon/daemon-process.ts';

const project = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));
const tracer = pathToFileURL(join(project, 'tests/long/trace-files.mjs')).href;
const text = readFileSync(join(project, 'tests/ttir/texts/hand_add.ttir'), 'utf8');
const ir = serializeKernel(libraryKernel('gelu', [4096]));

const noted = z.object({ thread: z.number(), name: z.string(), path: z.string() });
type Noted = z.infer<typeof noted>;

/** Paths outside of the store’s folder: readable files, an endless one, and one that blocks when opened. */
function bait(): string {
  const folder = realpathSync(testFolder());
  for (const [name, content] of Object.entries({ 'secret.json': '{"name":"s"}', 'secret.ttir': text }))
    writeFileSync(join(folder, name), content);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  return folder;
}

const pathsInto = (folder: string): readonly string[] => [
  join(folder, 'secret.json'),
  join(folder, 'secret.ttir'),
  join(folder, 'pipe'),
  pathToFileURL(join(folder, 'secret.json')).href,
  '/etc/passwd',
  '/dev/zero',
  '../../../../etc/passwd',
  '~/.ssh/id_rsa',
  '@/etc/passwd',
];

const budget = { trials: 2, for: '1s' };
const space = { name: 's', parameters: [{ name: 'a', values: ['x', 'y'] }], constraints: ["a != 'z'"] };
const planned = (study: object, rest: object = {}) => ({
  plan: { studies: [study], targets: ['edge-2mib'], budget, strategy: 'random', ...rest },
});

/** Requests in which every text is replaced by a path. */
const BODIES: Readonly<Record<string, readonly object[]>> = {
  '/v1/plans': [
    planned(
      { kernel: 'gelu', shapes: ['4096'], dtype: 'f32' },
      { timeZone: 'UTC', total: { until: '07:00' } },
    ),
    planned({ kernel: { kind: 'named', name: 'gelu' }, targets: [{ kind: 'named', name: 'edge-2mib' }] }),
    planned({ kernel: { kind: 'ttir', name: 'own', source: 'own.ttir', text } }),
    planned({ kernel: { kind: 'ir', name: 'own', source: 'own.json', ir }, fix: { threads: '1' } }),
    planned({ kernel: 'gelu', start: [{ threads: '1' }], values: { threads: ['1'] }, strategy: 'random' }),
    planned({ kernel: 'gelu', forbid: ["threads == 3 and split == 'chunks'"] }),
    planned({ kernel: 'gelu', targets: [{ kind: 'machine', source: 'm', machine: { name: 'm' } }] }),
    planned({ kernel: 'gelu', targets: [{ kind: 'local', name: 'board' }] }),
  ],
  '/v1/studies': [
    { kernel: { name: 'k', shape: '64', dtype: 'f32' }, target: { name: 't', description: 'd' }, space },
    { kernel: { name: 'k' }, target: { name: 't' }, space, default: { a: 'x' }, strategy: 'random' },
  ],
  '/v1/kernels': [{ kernels: [{ name: 'mine', ir, source: 'mine.json', ttir: text }] }],
  '/v1/studies/{id}/ask': [{ count: 1 }],
  '/v1/studies/{id}/tell': [
    { results: [{ configuration: { a: 'x' }, invalid: { reason: 'runtime', message: 'm' } }] },
  ],
  '/v1/studies/{id}/predict': [{ configurations: [{ a: 'x' }] }],
};

/** A copy of the document for each text in it, with this text replaced by the next path. */
function exchanged(document: unknown, path: () => string): readonly unknown[] {
  if (typeof document === 'string') return [path()];
  if (Array.isArray(document))
    return document.flatMap((one, at) => exchanged(one, path).map((other) => document.with(at, other)));
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([key, value]) =>
    exchanged(value, path).map((other) => ({ ...document, [key]: other })),
  );
}

function queriesOf(schema: z.ZodType): readonly string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.keys(properties);
}

/** The queries of a route with a word as each value: alone, all together, and after a valid kernel or target. */
function queriesWith(word: string, route: Route | undefined): readonly string[] {
  const names = route === undefined ? [] : queriesOf(route.query);
  const known = '?kernel=gelu&target=edge-2mib';
  const behind = [
    `${known}&shape=${word}`,
    `${known}&dtype=${word}`,
    `?kernel=gelu&target=${word}`,
    `?kernel=${word}&target=edge-2mib`,
  ];
  const isAboutKernel = names.includes('kernel') && names.includes('target');
  return [
    '',
    ...names.map((name) => `?${name}=${word}`),
    `?${names.map((name) => `${name}=${word}`).join('&')}`,
    ...(isAboutKernel ? behind : []),
  ];
}

/** A route's valid bodies, and copies with a path in place of each text. */
function bodiesWith(path: () => string, { method, path: address, body }: Route): readonly unknown[] {
  if (method === 'GET') return [undefined];
  const known = BODIES[address] ?? [];
  if (body !== noBody) expect(known, `a body for ${address}`).not.toEqual([]);
  return [undefined, ...known, ...known.flatMap((one) => exchanged(one, path))];
}

/** The ids of an existing study and plan, so that a request is not refused for its address. */
type Known = Readonly<{ study: string; plan: string }>;

/** Requests to every route with paths, from `next` on, in place of every word. */
async function askAll(
  daemon: DaemonProcess,
  paths: readonly string[],
  { study, plan }: Known,
  next: number,
): Promise<number> {
  let turn = next;
  const path = (): string => paths[turn++ % paths.length];
  let asked = 0;
  for (const endpoint of endpoints) {
    if (endpoint.path === '/v1/events') continue;
    const word = encodeURIComponent(path());
    const route = routes.find((one) => one.path === endpoint.path && one.method === endpoint.method);
    const addressOf = (parameter: string): string => endpoint.path.replaceAll(/\{\w+\}/g, parameter);
    const addresses = new Set([addressOf(word), addressOf(endpoint.path.includes('plans') ? plan : study)]);
    const bodies = route === undefined ? [undefined] : bodiesWith(path, route);
    for (const address of addresses)
      for (const query of queriesWith(word, route))
        for (const body of bodies) {
          const { status } = await daemon.ask(endpoint.method, address + query, body, {});
          const request = `${endpoint.method} ${address}${query} ${JSON.stringify(body)}`;
          expect(status, request).toBeLessThan(500);
          asked++;
        }
  }
  return asked;
}

/** Accesses to files that belong neither to the store nor to the program. */
function foreign(trace: string, store: string): readonly Noted[] {
  const all = readFileSync(trace, 'utf8')
    .trim()
    .split('\n')
    .map((line) => noted.parse(JSON.parse(line)));
  expect(all.some(({ path }) => path.startsWith(store))).toBe(true);
  expect(all.some(({ thread }) => thread > 0)).toBe(true);
  return all.filter(({ path }) => {
    const plain = path.startsWith('file:') ? fileURLToPath(path) : path;
    // That the engine is still the same one is seen by its file.
    const program = ['dist', 'node_modules', 'package.json'].map((name) => join(project, name));
    const own = [store, process.execPath, ...program];
    // The command line looks for its settings in its working folder, and for the folder of its store.
    if (plain === project || plain === dirname(store)) return false;
    return !own.some((start) => plain.startsWith(start)) && !/^\/(proc|sys)\//.test(plain);
  });
}

const identified = z.object({ id: z.string() });
const accepted = z.object({ plan: z.string() });

async function knownTo(daemon: DaemonProcess): Promise<Known> {
  const study = await daemon.post('/v1/studies', {
    kernel: { name: 'known' },
    target: { name: 'board' },
    space,
  });
  const plan = await daemon.post('/v1/plans', planned({ kernel: 'gelu', shapes: ['8192'] }));
  return { study: identified.parse(study.body).id, plan: accepted.parse(plan.body).plan };
}

/** Requests the endless stream of events and disconnects as soon as it begins. */
async function listenFrom(daemon: DaemonProcess, paths: readonly string[]): Promise<void> {
  const [host, port] = daemon.listen.split(':');
  for (const word of paths)
    await new Promise<void>((resolve, reject) => {
      const path = `/v1/events?lastEventId=${encodeURIComponent(word)}`;
      const headers = { 'last-event-id': encodeURIComponent(word) };
      const sent = request({ host, port, path, headers }, (answer) => {
        answer.destroy();
        resolve();
      });
      sent.on('error', reject).end();
    });
}

describe('a path in an HTTP request', () => {
  it('is opened by no thread of the daemon, in any place of the request', { timeout: 240_000 }, async () => {
    const folder = bait();
    const home = realpathSync(testFolder());
    const store = join(home, 'store.db');
    const trace = join(testFolder(), 'trace');
    const env = { NODE_OPTIONS: `--import ${tracer}`, NIGHTSHIFT_TEST_TRACE: trace };
    const daemon = await DaemonProcess.start(store, ['--listen', '127.0.0.1:0'], env);
    const known = await knownTo(daemon);
    let asked = 0;
    for (const round of [0, 1]) asked += await askAll(daemon, pathsInto(folder), known, round);
    expect(asked).toBeGreaterThan(400);
    await listenFrom(daemon, pathsInto(folder));

    // A kernel imported with a path as its source is built at another shape from its text only.
    for (const source of pathsInto(folder)) {
      const kernels = [
        { name: 'with-text', ir, source, ttir: text },
        { name: 'without', ir, source },
      ];
      expect((await daemon.post('/v1/kernels', { kernels })).status).toBe(201);
      for (const { name } of kernels) {
        await daemon.get(`/v1/best?kernel=${name}&shape=8192&target=edge-2mib`);
        await daemon.post('/v1/plans', { ...planned({ kernel: name, shapes: ['8192'] }), again: true });
      }
    }
    await daemon.post('/v1/cancel');
    expect(foreign(trace, store)).toEqual([]);
    expect(await daemon.end('SIGTERM')).toBe(0);
  });
});
