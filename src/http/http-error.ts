import { InputError } from '../../search-space/input-error.ts';
import { StoreError } from '../../store/store-error.ts';
import { Busy } from '../daemon/busy.ts';

/** A refusal with its status. `code` is for programs, `message` for people. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function notFound(message: string): HttpError {
  return new HttpError(404, 'not-found', message);
}

export function conflict(message: string): HttpError {
  return new HttpError(409, 'conflict', message);
}

/** Any error as a refusal. An internal error's message is not sent to the client. */
export function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof InputError) return new HttpError(400, 'bad-input', error.message);
  if (error instanceof StoreError) return new HttpError(503, `store-${error.kind}`, error.message);
  if (error instanceof Busy) return new HttpError(429, 'too-many', error.message);
  const status = statusOf(error);
  if (status !== undefined && error instanceof Error)
    return new HttpError(status, 'bad-request', error.message);
  return new HttpError(500, 'internal', 'internal error; see the daemon’s log');
}

/** The status of fastify's own refusals: a body too large, malformed JSON. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = Number(error.statusCode);
  return status >= 400 && status < 500 ? status : undefined;
}
