import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Desk } from './desk.ts';
import type { DaemonMetrics } from './metrics.ts';
import type { Method } from './route.ts';

/** The handler of an address: a route of the API, data of the dashboard, a file, a probe. */
export type Endpoint = Readonly<{
  method: Method;
  /** Parameters in braces: /v1/studies/{id} */
  path: string;
  answer(request: FastifyRequest, reply: FastifyReply, desk: Desk, metrics: DaemonMetrics): Promise<unknown>;
}>;
