import fastify, { type FastifyInstance } from 'fastify';
import { InputError } from '../../search-space/input-error.ts';
import { checkNesting } from '../../search-space/nesting.ts';
import type { Log } from '../daemon/world.ts';
import type { Desk } from './desk.ts';
import { endpoints } from './endpoints.ts';
import { guardFor } from './guard.ts';
import { HttpError } from './http-error.ts';
import { clearSocket, formatListen, type ListenAddress } from './listen-address.ts';
import { DaemonMetrics } from './metrics.ts';
import { rateLimit } from './rate-limit.ts';
import { answerError, methodNotAllowed, nothingAnswers, refuseClient, refuseUnrouted } from './refusals.ts';
import { tagAndCompress } from './sent-text.ts';

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
/** Node refuses a longer one; no name within it is too long for us. Characters. */
const LONGEST_ADDRESS = 16 << 10;

/** The daemon's HTTP side, not listening yet. Throws InputError for an open address without a token. */
export function httpServer({ address, token, desk, log }: ServerOptions): FastifyInstance {
  const guard = guardFor(address, token);
  const waitOf = rateLimit(desk.clock, REQUESTS_PER_SECOND, BURST);
  const metrics = new DaemonMetrics();
  const server = fastify({
    bodyLimit: LARGEST_BODY,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    // The guard refuses a request without a Host, in words.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: LONGEST_ADDRESS },
    frameworkErrors: refuseUnrouted,
    clientErrorHandler: refuseClient,
  });
  readJsonBodies(server);

  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0];
    guard({ method: request.method, path, headers: request.headers });
    const wait = waitOf(request.ip ?? 'socket');
    if (wait > 0) {
      reply.header('retry-after', wait);
      throw new HttpError(429, 'too-many', `too many requests; wait ${wait} s`);
    }
  });
  refuseOtherMethods(server);
  tagAndCompress(server);
  server.addHook('onResponse', async (_, reply) => metrics.count(reply.statusCode, reply.elapsedTime));
  server.addHook('onClose', async () => metrics.close());
  server.setErrorHandler(async (error, request, reply) => answerError(error, request, reply, log));
  server.setNotFoundHandler(async (request) => {
    throw nothingAnswers(request);
  });

  for (const { method, path, answer } of endpoints)
    server.route({
      method,
      url: urlOf(path),
      handler: (request, reply) => answer(request, reply, desk, metrics),
    });
  return server;
}

/** Accepts an empty body under `content-type: application/json`, which many clients always send. */
function readJsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, undefined);
    parse(request, String(text), (error, body) => done(error ?? problemOf(body), body));
  });
}

function problemOf(body: unknown): InputError | null {
  try {
    checkNesting(body, 'body');
    return null;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
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

/** An address with parameters in fastify's notation. */
function urlOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/**
 * Answers unsupported methods at every endpoint's address, before the body is read, which may be invalid. Routes for all
 * of them would take four fifths of the time in which a server is made.
 */
function refuseOtherMethods(server: FastifyInstance): void {
  const methods = new Map<string, readonly string[]>();
  for (const { method, path } of endpoints) {
    const more = method === 'GET' ? ['GET', 'HEAD'] : [method];
    methods.set(path, [...(methods.get(path) ?? []), ...more]);
  }
  const addresses = [...methods].map(([path, allowed]) => ({ pattern: patternOf(path), allowed }));
  server.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const path = request.url.split('?')[0];
    const allowed = addresses.find(({ pattern }) => pattern.test(path))?.allowed;
    if (allowed === undefined) return;
    reply.header('allow', allowed.join(', '));
    throw methodNotAllowed(request, allowed);
  });
}

/** What an address with parameters fits. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
