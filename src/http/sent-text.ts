import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A shorter text is not worth the work. Bytes. */
const LEAST = 1024;

/** Compresses on libuv's threads, so that other requests do not wait. */
const compress = promisify(gzip);

type Prepared = Readonly<{ tag: string; zip(): Promise<Buffer> }>;

/** Answers that are the same object each time, such as the dashboard's files, are prepared once. */
const prepared = new WeakMap<Buffer, Prepared>();

/**
 * Answers to GET are compressed where the client takes that, and have a tag of their content: a client that has it
 * already is told so, and gets no body.
 */
export function tagAndCompress(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200) return payload;
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    const body = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
    return sent(body, request, reply);
  });
}

async function sent(body: Buffer, request: FastifyRequest, reply: FastifyReply): Promise<Buffer | string> {
  const { tag, zip } = prepared.get(body) ?? prepare(body);
  reply.header('etag', tag).header('vary', 'accept-encoding');
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
  if (request.headers['if-none-match'] === tag) {
    reply.status(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  }
  if (body.length < LEAST || !takesGzip(request.headers['accept-encoding'])) return body;
  reply.header('content-encoding', 'gzip').removeHeader('content-length');
  return zip();
}

function prepare(body: Buffer): Prepared {
  // A weak tag: the same content in either encoding.
  const tag = `W/"${createHash('sha1').update(body).digest('base64url')}"`;
  let zipped: Promise<Buffer> | undefined;
  const zip = (): Promise<Buffer> => {
    zipped ??= compress(body);
    return zipped;
  };
  const made = { tag, zip };
  prepared.set(body, made);
  return made;
}

/** Whether "gzip" stands in the list, and is not refused by a weight of zero. */
function takesGzip(accepted: string | readonly string[] | undefined): boolean {
  const words = String(accepted ?? '').split(',');
  return words.some((word) => /^\s*gzip\s*(;|$)/.test(word) && !/;\s*q=0(\.0*)?\s*$/.test(word));
}
