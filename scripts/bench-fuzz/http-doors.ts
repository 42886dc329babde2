import { z } from 'zod';
import { endpoints } from '../../src/http/endpoints.ts';
import type { Route } from '../../src/http/route.ts';
import { routes } from '../../src/http/routes/index.ts';
import { noBody, nothing } from '../../src/http/schemas.ts';
import { serializeKernel } from '../../src/kernels/json.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import type { Door, OpenDoor } from './fuzz.ts';
import { type FuzzedDaemon, startFuzzedDaemon } from './fuzzed-daemon.ts';

const host = '127.0.0.1:7070';
/** The number of requests after which a new daemon with an empty store starts, so that a full store does not slow it. */
const REQUESTS_PER_DAEMON = 250;

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

/** Valid bodies by route; other routes have no body. */
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

/** A request as one JSON text, which can be mutated. */
const requestSchema = z.object({
  params: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('The ids of the daemon’s study and plan, if absent.'),
  query: z.record(z.string(), z.unknown()).default({}),
  body: z.unknown(),
});
const refusal = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string().min(1) }) });

/** A route, or a page without a query. */
type Addressed = Pick<Route, 'method' | 'path'> & Partial<Pick<Route, 'query' | 'body'>>;

type DaemonWithData = FuzzedDaemon & Readonly<{ study: string; plan: string }>;

/** Starts a daemon with a study, a kernel and a plan, so that requests can find them. */
async function startWithData(): Promise<DaemonWithData> {
  const daemon = await startFuzzedDaemon();
  const post = async (url: string, payload: object): Promise<unknown> =>
    (await daemon.server.inject({ method: 'POST', url, headers: { host }, payload })).json();
  const { id } = z.object({ id: z.string() }).parse(await post('/v1/studies', opened));
  const { plan } = z.object({ plan: z.string() }).parse(await post('/v1/plans', { plan: small }));
  await post(`/v1/studies/${id}/tell`, {
    results: [
      { configuration, timeUs: 4 },
      { configuration: { a: 2, b: 'x' }, timeUs: 5 },
    ],
  });
  return { ...daemon, study: id, plan };
}

function doorOf(route: Addressed): Door {
  const open = async (): Promise<OpenDoor> => {
    let daemon = await startWithData();
    let requests = 0;
    const { study } = daemon;
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
      enter: (text) => ask(daemon, route, text),
      prepare: async () => {
        if (++requests % REQUESTS_PER_DAEMON !== 0) return;
        await daemon.close();
        daemon = await startWithData();
      },
      close: () => daemon.close(),
    };
  };
  return { name: `${route.method} ${route.path}`, open };
}

/** Valid bodies of a route, from which inputs are made; a route without a body gets an empty object. */
function bodiesOf({ method, path, body = noBody }: Addressed): readonly (object | null)[] {
  if (method === 'GET') return [null];
  if (body === noBody) return [{}];
  const known = BODIES[path];
  if (known === undefined) throw new Error(`BODIES has none for ${path}`);
  return known;
}

/** Whether the request was accepted. Throws Error for an undocumented answer. */
async function ask(daemon: DaemonWithData, route: Addressed, text: string): Promise<boolean> {
  const { server, troubles } = daemon;
  const { url, payload } = requestOf(daemon, route, text);
  const headers = { host, ...(payload !== undefined && { 'content-type': 'application/json' }) };
  const answer = await server.inject({
    method: route.method,
    url,
    headers,
    ...(payload !== undefined && { payload }),
  });
  const trouble = troubles.splice(0).join('\n');
  if (trouble !== '') throw new Error(`the daemon logged an error: ${trouble}`);
  if (answer.statusCode < 400) return true;
  if (answer.statusCode >= 500) throw new Error(`status ${answer.statusCode}: ${answer.body}`);
  if (!refusal.safeParse(answer.json()).success)
    throw new Error(`not the documented refusal: ${answer.body}`);
  return false;
}

/** Parses a text as a request; any other text becomes a body. */
function requestOf(
  { study, plan }: DaemonWithData,
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

/** Percent-encodes byte by byte, so that lone surrogates work too. */
function escaped(word: string): string {
  return [...Buffer.from(word.slice(0, 3000))]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('');
}

/** The dashboard's pages with parameters; they have no query. */
const pages: readonly Addressed[] = endpoints.filter(
  ({ method, path }) =>
    path.includes('{') && !routes.some((route) => route.path === path && route.method === method),
);

/** The doors of all routes of the API, including its JSON parser, and of the dashboard's pages. */
export const httpDoors: readonly Door[] = [...routes, ...pages].map(doorOf);
