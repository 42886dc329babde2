import { z } from 'zod';
import { endpoints } from '../../src/http/endpoints.ts';
import type { Route } from '../../src/http/route.ts';
import { routes } from '../../src/http/routes/index.ts';
import { noBody, nothing } from '../../src/http/schemas.ts';
import { serializeKernel } from '../../src/kernels/json.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { type FuzzDesk, fuzzDesk } from './desk.ts';
import type { Door, OpenDoor } from './fuzz.ts';

const host = '127.0.0.1:7070';
/** After so many requests, a fresh daemon on an empty store: what earlier ones left must not slow it down. */
const REQUESTS_A_DESK = 250;

const ir = serializeKernel(libraryKernel('gelu', [4096]));
const small = {
  studies: [{ kernel: 'gelu', shapes: ['4096'] }],
  targets: ['edge-2mib'],
  budget: { trials: 2 },
};
const opened = {
  kernel: { name: 'k', shape: '64x64', dtype: 'f32' },
  target: { name: 'board', description: 'firmware 7' },
  space: {
    parameters: [
      { name: 'a', values: [1, 2, 3] },
      { name: 'b', values: ['x', 'y'] },
    ],
    constraints: ['a > 1 or b == 1'],
  },
  default: { a: 2, b: 'x' },
  seed: 3,
};
const configuration = { a: 3, b: 'y' };

/** Bodies that a route takes; the others take none. */
const BODIES: Readonly<Record<string, readonly object[]>> = {
  '/v1/plans': [
    { plan: small },
    { plan: { ...small, seed: 2, done: null, total: { for: '1h' } }, again: true },
    { plan: { studies: [{ kernel: { kind: 'ir', name: 'own', source: 'own.json', ir } }] } },
  ],
  '/v1/studies': [opened],
  '/v1/kernels': [{ kernels: [{ name: 'mine', ir, source: 'mine.json', calls: 3 }] }],
  '/v1/studies/{id}/ask': [{ count: 2, leaseMs: 1000 }],
  '/v1/studies/{id}/tell': [
    { results: [{ configuration, samplesUs: [3, 4, 5] }] },
    {
      results: [
        { configuration, timeUs: 12.5 },
        { configuration, invalid: { reason: 'runtime', message: 'm' } },
      ],
    },
  ],
  '/v1/studies/{id}/predict': [{ configurations: [configuration] }],
};

const QUERY: Readonly<Record<string, string>> = {
  kernel: 'gelu',
  shape: '4096',
  dtype: 'f32',
  target: 'edge-2mib',
  mechanism: 'mt',
  kind: 'xgb',
  state: 'done',
  order: 'time',
  limit: '10',
  offset: '0',
  active: 'true',
};

/** What a request says, as one text that can be mutated. */
const requestSchema = z.object({
  params: z.record(z.string(), z.unknown()).optional().describe('Those of the desk, if absent.'),
  query: z.record(z.string(), z.unknown()).default({}),
  body: z.unknown(),
});
const refusal = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string().min(1) }) });

/** A route, or a page without a query. */
type Addressed = Pick<Route, 'method' | 'path'> & Partial<Pick<Route, 'query' | 'body'>>;

type Furnished = FuzzDesk & Readonly<{ study: string; plan: string }>;

/** A desk with a study, a kernel and a plan, so that there is something to ask for. */
async function furnished(): Promise<Furnished> {
  const desk = await fuzzDesk();
  const post = async (url: string, payload: object): Promise<unknown> =>
    (await desk.server.inject({ method: 'POST', url, headers: { host }, payload })).json();
  const { id } = z.object({ id: z.string() }).parse(await post('/v1/studies', opened));
  const { plan } = z.object({ plan: z.string() }).parse(await post('/v1/plans', { plan: small }));
  await post(`/v1/studies/${id}/tell`, {
    results: [
      { configuration, timeUs: 4 },
      { configuration: { a: 2, b: 'x' }, timeUs: 5 },
    ],
  });
  return { ...desk, study: id, plan };
}

function doorOf(route: Addressed): Door {
  const open = async (): Promise<OpenDoor> => {
    let desk = await furnished();
    let requests = 0;
    const { study } = desk;
    const names = Object.keys(
      z.toJSONSchema(route.query ?? nothing, { io: 'input', unrepresentable: 'any' }).properties ?? {},
    );
    const usual: Readonly<Record<string, string>> = {
      ...QUERY,
      ...(route.path.endsWith('/trials') && { state: 'timed' }),
    };
    const query = Object.fromEntries(names.flatMap((name) => (name in usual ? [[name, usual[name]]] : [])));
    const bodies = bodiesOf(route);
    return {
      examples: [
        ...bodies.map((body) => ({ query, body })),
        { params: { id: study }, query, body: bodies[0] },
      ].map((request) => JSON.stringify(request)),
      enter: (text) => ask(desk, route, text),
      prepare: async () => {
        if (++requests % REQUESTS_A_DESK !== 0) return;
        await desk.close();
        desk = await furnished();
      },
      close: () => desk.close(),
    };
  };
  return { name: `${route.method} ${route.path}`, open };
}

/** What it takes, from which inputs are made; a route that takes nothing is given something all the same. */
function bodiesOf({ method, path, body = noBody }: Addressed): readonly (object | null)[] {
  if (method === 'GET') return [null];
  if (body === noBody) return [{}];
  const known = BODIES[path];
  if (known === undefined) throw new Error(`BODIES has none for ${path}`);
  return known;
}

/** Whether it was taken. Throws Error for an answer that no request may get. */
async function ask(desk: Furnished, route: Addressed, text: string): Promise<boolean> {
  const { server, troubles } = desk;
  const { url, payload } = requestOf(desk, route, text);
  const headers = { host, ...(payload !== undefined && { 'content-type': 'application/json' }) };
  const answer = await server.inject({
    method: route.method,
    url,
    headers,
    ...(payload !== undefined && { payload }),
  });
  const trouble = troubles.splice(0).join('\n');
  if (trouble !== '') throw new Error(`the daemon is in trouble: ${trouble}`);
  if (answer.statusCode < 400) return true;
  if (answer.statusCode >= 500) throw new Error(`status ${answer.statusCode}: ${answer.body}`);
  if (!refusal.safeParse(answer.json()).success)
    throw new Error(`not the documented refusal: ${answer.body}`);
  return false;
}

/** The request that a text stands for; a text that is none is a body. */
function requestOf(
  { study, plan }: Furnished,
  { method, path }: Addressed,
  text: string,
): Readonly<{ url: string; payload: string | undefined }> {
  const own: Readonly<Record<string, unknown>> = {
    id: path.includes('/plans/') ? plan : study,
    before: study,
    after: study,
    name: 'gelu',
  };
  const { params = own, query, body } = parsed(text) ?? { query: {}, body: text };
  const words = Object.entries(query).map(([name, value]) => `${escaped(name)}=${escaped(wordOf(value))}`);
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escaped(wordOf(params[name])));
  const payload = method === 'GET' ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return { url: words.length === 0 ? url : `${url}?${words.join('&')}`, payload };
}

function parsed(text: string): z.infer<typeof requestSchema> | undefined {
  try {
    return requestSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Byte by byte, halves of characters too. */
function escaped(word: string): string {
  return [...Buffer.from(word.slice(0, 3000))]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('');
}

/** Of the dashboard: its pages have no query. What has no parameters reads nothing. */
const pages: readonly Addressed[] = endpoints.filter(
  ({ method, path }) =>
    path.includes('{') && !routes.some((route) => route.path === path && route.method === method),
);

/** Every route of the API, every page of the dashboard, and the parser of JSON before them. */
export const httpDoors: readonly Door[] = [...routes, ...pages].map(doorOf);
