import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../daemon/world.ts';
import { asHttpError, HttpError } from './http-error.ts';

/** Every refusal has this body, whoever refuses: a route, the framework, or the reader of the protocol. */
function bodyOf({ code, message }: HttpError): object {
  return { error: { code, message } };
}

/** Answers an error of a route, and of the framework: a malformed URL, a body that is too large. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): FastifyReply {
  const refusal = asHttpError(error);
  if (reply.raw.destroyed)
    log.info({ path: request.url, error: refusal.message }, 'a client left before its answer');
  else if (refusal.status >= 500)
    log.error({ path: request.url, error: describe(error) }, 'a request failed');
  return reply.status(refusal.status).send(bodyOf(refusal));
}

/** For what is refused before there is a route: its reply has no hooks. */
export function refuseUnrouted(error: FastifyError, _: FastifyRequest, reply: FastifyReply): void {
  const refusal = asHttpError(error);
  const text = JSON.stringify(bodyOf(refusal));
  reply.raw.writeHead(refusal.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  reply.raw.end(reply.request.method === 'HEAD' ? undefined : text);
}

/** Answers what is no HTTP that we read, and closes the connection. */
export function refuseClient(error: Error & Readonly<{ code?: string }>, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const refusal = ofClient(error.code);
    const text = JSON.stringify(bodyOf(refusal));
    socket.write(
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nConnection: close\r\n` +
        `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
  socket.destroy(error);
}

function ofClient(code: string | undefined): HttpError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HttpError(431, 'bad-request', 'the address and the headers are larger than 16 KiB');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HttpError(408, 'bad-request', 'the request did not come to its end in time');
  return new HttpError(
    400,
    'bad-request',
    `this is no HTTP request${code === undefined ? '' : ` (${code})`}`,
  );
}

export function nothingAnswers({ method, url }: Pick<IncomingMessage, 'method' | 'url'>): HttpError {
  return new HttpError(404, 'not-found', `nothing answers ${method} ${url}`);
}

export function methodNotAllowed(
  { method, url }: Pick<IncomingMessage, 'method' | 'url'>,
  allowed: readonly string[],
): HttpError {
  return new HttpError(
    405,
    'method-not-allowed',
    `${url} does not answer ${method}, only ${allowed.join(' and ')}`,
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
