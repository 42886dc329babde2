import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { dashboardEndpoints } from './dashboard.ts';
import type { Endpoint } from './endpoint.ts';
import { streamEvents } from './event-stream.ts';
import { openApi } from './openapi.ts';
import type { Route } from './route.ts';
import { routes } from './routes/index.ts';

/** Made once, because that takes a tenth of a second. */
const descriptions = new Map<string, object>();

function described(version: string): object {
  const known = descriptions.get(version) ?? openApi(routes, version);
  descriptions.set(version, known);
  return known;
}

const probes: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/openapi.json',
    answer: async (_, __, { toolVersion }) => described(toolVersion),
  },
  {
    method: 'GET',
    path: '/healthz',
    answer: async (_, __, { toolVersion }) => ({ status: 'ok', version: toolVersion }),
  },
  {
    method: 'GET',
    path: '/metrics',
    answer: async (_, reply, desk, metrics) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text(desk)),
  },
  {
    method: 'GET',
    path: '/v1/events',
    async answer(request, reply, desk) {
      if (request.method === 'HEAD') return reply.type('text/event-stream').send();
      reply.hijack();
      streamEvents(desk.daemon.events, lastEventId(request), reply.raw);
    },
  },
];

function endpointOf({ method, path, status, act }: Route): Endpoint {
  return {
    method,
    path,
    answer: async ({ params, query, body }, reply, desk) =>
      reply.status(status).send(await act({ params, query, body }, desk, leavingOf(reply.raw))),
  };
}

/** Aborts when the connection ends before the answer does. */
function leavingOf(answer: ServerResponse): AbortSignal {
  const left = new AbortController();
  answer.once('close', () => {
    if (!answer.writableFinished) left.abort();
  });
  return left.signal;
}

/** From the header that browsers send when they reconnect, or from the query. */
function lastEventId({ headers, query }: FastifyRequest): string | undefined {
  const header = headers['last-event-id'];
  if (typeof header === 'string') return header;
  const given =
    typeof query === 'object' && query !== null && 'lastEventId' in query ? query.lastEventId : undefined;
  return typeof given === 'string' ? given : undefined;
}

/** All endpoints of the server. */
export const endpoints: readonly Endpoint[] = Object.freeze([
  ...probes,
  ...dashboardEndpoints,
  ...routes.map(endpointOf),
]);
