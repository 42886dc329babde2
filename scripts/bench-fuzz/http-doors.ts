import { z } from 'zod';
import type { Route } from '../../src/http/route.ts';
import { routes } from '../../src/http/routes/index.ts';
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
  params: z.record(z.string(), z.unknown()),
  query: z.record(z.string(), z.unknown()),
  body: z.unknown(),
});
const refusal = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string().min(1) }) });

/** A desk with a study, a kernel and a plan, so that there is something to ask for. */
async function furnished(): Promise<FuzzDesk & { study: string; plan: string }> {
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

function doorOf(route: Route): Door {
  const open = async (): Promise<OpenDoor> => {
    let desk = await furnished();
    let requests = 0;
    const { study, plan } = desk;
    const params = { id: route.path.includes('/plans/') ? plan : study };
    const names = Object.keys(
      z.toJSONSchema(route.query, { io: 'input', unrepresentable: 'any' }).properties ?? {},
    );
    const query = Object.fromEntries(names.flatMap((name) => (name in QUERY ? [[name, QUERY[name]]] : [])));
    const bodies = route.method === 'GET' ? [null] : (BODIES[route.path] ?? [{}]);
    return {
      examples: bodies.map((body) => JSON.stringify({ params, query, body })),
      enter: async (text) => {
        if (++requests % REQUESTS_A_DESK === 0) {
          await desk.close();
          desk = await furnished();
        }
        return ask(desk, route, text);
      },
      close: () => desk.close(),
    };
  };
  return { name: `${route.method} ${route.path}`, open };
}

/** Whether it was taken. Throws Error for an answer that no request may get. */
async function ask({ server, troubles }: FuzzDesk, route: Route, text: string): Promise<boolean> {
  const { url, payload } = requestOf(route, text);
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

/** The request that a text stands for; a text that is none is a body, and a part of the address. */
function requestOf(
  { method, path }: Route,
  text: string,
): Readonly<{ url: string; payload: string | undefined }> {
  const { params, query, body } = parsed(text) ?? {
    params: { id: text.slice(0, 500) },
    query: { shape: text.slice(0, 500) },
    body: text,
  };
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

/** Every route of the API, and the parser of JSON before them. */
export const httpDoors: readonly Door[] = routes.map(doorOf);
