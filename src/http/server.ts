import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { InputError } from '../../search-space/input-error.ts';
import type { Log } from '../daemon/world.ts';
import { DEEPEST } from '../text/json-bytes.ts';
import { nestingOf } from '../text/parse-json.ts';
import { serveDashboard } from './dashboard.ts';
import type { Desk } from './desk.ts';
import { streamEvents } from './event-stream.ts';
import { guardFor } from './guard.ts';
import { asHttpError, HttpError } from './http-error.ts';
import { clearSocket, formatListen, type ListenAddress } from './listen-address.ts';
import { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { rateLimit } from './rate-limit.ts';
import type { Route } from './route.ts';
import { routes } from './routes/index.ts';

export type ServerOptions = Readonly<{
  address: ListenAddress;
  token: string | undefined;
  desk: Desk;
  log: Log;
}>;

/** Bytes: enough for a plan with its Triton IR. */
const LARGEST_BODY = 4 << 20;
/** Of each caller: enough for a harness that asks and tells as fast as it can. */
const REQUESTS_PER_SECOND = 500;
const BURST = 1000;

/** The daemon's HTTP side, not listening yet. Throws InputError for an open address without a token. */
export function httpServer({ address, token, desk, log }: ServerOptions): FastifyInstance {
  const guard = guardFor(address, token);
  const waitOf = rateLimit(desk.clock, REQUESTS_PER_SECOND, BURST);
  const metrics = new Metrics();
  const server = fastify({ bodyLimit: LARGEST_BODY, forceCloseConnections: true, requestTimeout: 30_000 });

  // Accepts an empty body under `content-type: application/json`, which many clients always send.
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (text === '') return done(null, undefined);
    return nestingOf(text) > DEEPEST ? done(tooDeep()) : parseJson(request, text, done);
  });

  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0];
    guard({ method: request.method, path, headers: request.headers });
    const wait = waitOf(request.ip ?? 'socket');
    if (wait > 0) {
      reply.header('retry-after', wait);
      throw new HttpError(429, 'too-many', `too many requests; wait ${wait} s`);
    }
  });
  server.addHook('onResponse', async (_, reply) => metrics.count(reply.statusCode, reply.elapsedTime));
  server.addHook('onClose', async () => metrics.close());
  server.setErrorHandler(async (error, request, reply) => {
    const { status, code, message } = asHttpError(error);
    if (status >= 500) log.error({ path: request.url, error: describe(error) }, 'a request failed');
    return reply.status(status).send({ error: { code, message } });
  });
  server.setNotFoundHandler(async (request, reply) =>
    reply
      .status(404)
      .send({ error: { code: 'not-found', message: `nothing answers ${request.method} ${request.url}` } }),
  );

  let described: object | undefined;
  server.get('/openapi.json', async () => (described ??= openApi(routes, desk.toolVersion)));
  server.get('/healthz', async () => ({ status: 'ok', version: desk.toolVersion }));
  server.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text(desk)),
  );
  server.get('/v1/events', (request, reply) => {
    reply.hijack();
    streamEvents(desk.daemon.events, lastEventId(request), reply.raw);
  });
  serveDashboard(server, desk);
  for (const route of routes) register(server, route, desk);
  return server;
}

function tooDeep(): HttpError {
  return new HttpError(400, 'bad-input', `the body's brackets are nested more than ${DEEPEST} deep`);
}

/** Throws InputError if the address cannot be used. */
export async function listen(server: FastifyInstance, address: ListenAddress): Promise<void> {
  try {
    if (address.kind === 'tcp') await server.listen({ host: address.host, port: address.port });
    else {
      await clearSocket(address.path);
      await server.listen({ path: address.path });
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new InputError(
      '--listen',
      `${formatListen(address)} cannot be used: ${why === 'EADDRINUSE' ? 'another program answers there' : why}`,
      'name another one',
    );
  }
}

function register(server: FastifyInstance, route: Route, desk: Desk): void {
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: async ({ params, query, body }, reply) => {
      const answer = await route.act({ params, query, body }, desk);
      return reply.status(route.status).send(answer);
    },
  });
}

/** From the header that browsers send when they reconnect, or from the query. */
function lastEventId({ headers, query }: FastifyRequest): string | undefined {
  const header = headers['last-event-id'];
  if (typeof header === 'string') return header;
  const given =
    typeof query === 'object' && query !== null && 'lastEventId' in query ? query.lastEventId : undefined;
  return typeof given === 'string' ? given : undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
