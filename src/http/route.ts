import type { z } from 'zod';
import { describeIssue, mainIssue } from '../text/describe-issue.ts';
import type { Desk } from './desk.ts';
import { HttpError } from './http-error.ts';

export type Method = 'GET' | 'POST';

/** A request's input, parsed by the route's schemas. */
export type Given<P, Q, B> = Readonly<{ params: P; query: Q; body: B }>;

/** An endpoint: the server, the OpenAPI document and the tests are made from it. */
export type Route = Readonly<{
  method: Method;
  /** Parameters in braces: /v1/studies/{id} */
  path: string;
  summary: string;
  params: z.ZodType;
  query: z.ZodType;
  body: z.ZodType;
  /** Status and body of a successful answer. */
  status: number;
  answer: z.ZodType;
  /** `left` aborts when the client goes away before it has its answer. */
  act(given: Given<unknown, unknown, unknown>, desk: Desk, left: AbortSignal): Promise<unknown>;
}>;

/** Defines a route; `act` gets and returns what its schemas describe. */
export function defineRoute<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(
  route: Readonly<{
    method: Method;
    path: string;
    summary: string;
    params: P;
    query: Q;
    body: B;
    status?: number;
    answer: A;
    act(given: Given<z.infer<P>, z.infer<Q>, z.infer<B>>, desk: Desk, left: AbortSignal): Promise<z.input<A>>;
  }>,
): Route {
  const { params, query, body, act } = route;
  return Object.freeze<Route>({
    status: 200,
    ...route,
    act: async (given, desk, left) =>
      act(
        {
          params: parseGiven(params, given.params, 'path'),
          query: parseGiven(query, given.query, 'query'),
          body: parseGiven(body, given.body ?? undefined, 'body'),
        },
        desk,
        left,
      ),
  });
}

/** Throws HttpError naming the field, its value, and what is allowed. */
export function parseGiven<S extends z.ZodType>(
  schema: S,
  value: unknown,
  part: 'path' | 'query' | 'body',
): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HttpError(
    400,
    'bad-input',
    describeIssue(mainIssue(result.error.issues, value), value, schema, part),
  );
}
