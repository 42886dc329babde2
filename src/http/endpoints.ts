import type { FastifyRequest } from 'fastify';
import { dashboardEndpoints } from './dashboard.ts';
import type { Desk } from './desk.ts';
import type { Endpoint } from './endpoint.ts';
import { streamEvents } from './event-stream.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import type { Route } from './route.ts';
import { routes } from './routes/index.ts';

/** Everything that answers, each address once for each of its methods. The server has no other. */
export function endpoints(desk: Desk, metrics: Metrics): readonly Endpoint[] {
  return [
    ...probes(desk, metrics),
    ...dashboardEndpoints(desk),
    ...routes.map((route) => endpointOf(route, desk)),
  ];
}

function probes(desk: Desk, metrics: Metrics): readonly Endpoint[] {
  let described: object | undefined;
  return [
    {
      method: 'GET',
      path: '/openapi.json',
      answer: async () => (described ??= openApi(routes, desk.toolVersion)),
    },
    { method: 'GET', path: '/healthz', answer: async () => ({ status: 'ok', version: desk.toolVersion }) },
    {
      method: 'GET',
      path: '/metrics',
      answer: async (_, reply) =>
        reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text(desk)),
    },
    {
      method: 'GET',
      path: '/v1/events',
      async answer(request, reply) {
        if (request.method === 'HEAD') return reply.type('text/event-stream').send();
        reply.hijack();
        streamEvents(desk.daemon.events, lastEventId(request), reply.raw);
      },
    },
  ];
}

function endpointOf(route: Route, desk: Desk): Endpoint {
  const { method, path, status } = route;
  return {
    method,
    path,
    answer: async ({ params, query, body }, reply) =>
      reply.status(status).send(await route.act({ params, query, body }, desk)),
  };
}

/** From the header that browsers send when they reconnect, or from the query. */
function lastEventId({ headers, query }: FastifyRequest): string | undefined {
  const header = headers['last-event-id'];
  if (typeof header === 'string') return header;
  const given =
    typeof query === 'object' && query !== null && 'lastEventId' in query ? query.lastEventId : undefined;
  return typeof given === 'string' ? given : undefined;
}
