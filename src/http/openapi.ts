import { z } from 'zod';
import type { Route } from './route.ts';

const errorBody = z
  .strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) })
  .meta({ title: 'Why a request was refused' });

const text = { type: 'string' };
const content = (type: string, schema: object): object => ({
  responses: { 200: { description: 'Done', content: { [type]: { schema } } } },
});

/** Paths whose answers are not described by a route's schema. */
const PLAIN_PATHS = Object.freeze({
  '/v1/events': {
    get: {
      summary:
        'Server-sent events: plan, study, progress, improved, verification, ended, trouble; reset if missed events are no longer kept',
      operationId: 'getV1Events',
      parameters: [
        { name: 'Last-Event-ID', in: 'header', required: false, schema: text },
        { name: 'lastEventId', in: 'query', required: false, schema: text },
      ],
      ...content('text/event-stream', text),
    },
  },
  '/metrics': {
    get: { summary: 'For Prometheus', operationId: 'getMetrics', ...content('text/plain', text) },
  },
  '/healthz': {
    get: {
      summary: 'Liveness probe; needs no token',
      operationId: 'getHealthz',
      security: [{}],
      ...content('application/json', {
        type: 'object',
        properties: { status: { const: 'ok' }, version: text },
        required: ['status', 'version'],
        additionalProperties: false,
      }),
    },
  },
});

/** OpenAPI 3.1 for the routes, from the schemas that check their requests. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = { ...PLAIN_PATHS };
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'nightshift',
      version,
      summary: 'The nightshift daemon: plans, studies, answers, and trials measured elsewhere',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        refused: {
          description: 'Refused, with the reason',
          content: { 'application/json': { schema: schemaOf(errorBody, 'output') } },
        },
      },
    },
  };
}

function operationOf({ method, path, summary, params, query, body, status, answer }: Route): object {
  return {
    summary,
    operationId: `${method.toLowerCase()}${path.replaceAll(/[/{}.]+(\w?)/g, (_, first: string) => first.toUpperCase())}`,
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(method === 'POST' && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { 'application/json': { schema: schemaOf(body, 'input') } },
      },
    }),
    responses: {
      [status]: {
        description: 'Done',
        content: { 'application/json': { schema: schemaOf(answer, 'output') } },
      },
      default: { $ref: '#/components/responses/refused' },
    },
  };
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): readonly object[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // Zod sets readOnly for frozen data; in OpenAPI it would mean that a request may not contain it.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
  return rest;
}
