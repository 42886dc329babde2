import { existsSync, realpathSync } from 'node:fs';
import { z } from 'zod';
import { currentWriter } from '../../store/writer-lock.ts';
import { parseListen } from './listen-address.ts';

/**
 * Not imported: on Node 22 an import of it loads a WebAssembly module, which fails where `ulimit -v` is low, and
 * with it every command.
 */
const { request } = process.getBuiltinModule('node:http');

/** The HTTP client of a running daemon. */
export type DaemonClient = Readonly<{
  pid: number;
  listen: string;
  /**
   * Throws Refused, or DaemonGone where no answer comes. Work that takes long is waited for as long as
   * the daemon says that it lives.
   */
  get(path: string): Promise<unknown>;
  post(path: string, body?: unknown): Promise<unknown>;
}>;

/** The daemon refused a request. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The daemon ended, or hangs. */
export class DaemonGone extends Error {
  override readonly name = 'DaemonGone';
}

/**
 * The daemon that holds a store's lock; undefined if none does. It is asked whether it lives after `patienceMs`
 * without an answer, and is gone if it does not say so in the same time.
 */
export function daemonOf(
  store: string,
  token: string | undefined,
  patienceMs = PATIENCE_MS,
): DaemonClient | undefined {
  const holder = currentWriter(existsSync(store) ? realpathSync(store) : store);
  if (holder?.role !== 'daemon' || holder.listen === undefined) return undefined;
  const { listen, pid } = holder;
  return {
    pid,
    listen,
    get: (path) => ask({ listen, pid, token, patienceMs }, 'GET', path),
    post: (path, body) => ask({ listen, pid, token, patienceMs }, 'POST', path, body),
  };
}

const refusal = z.object({ error: z.object({ message: z.string() }) });
/** A busy machine may keep a daemon from answering for seconds: work that it does for a command is not given up for that. */
const PATIENCE_MS = 30_000;
const LIVENESS = '/healthz';

type Daemon = Readonly<{ listen: string; pid: number; token: string | undefined; patienceMs: number }>;

function ask(daemon: Daemon, method: string, path: string, body?: unknown): Promise<unknown> {
  const { listen, pid, token, patienceMs } = daemon;
  const address = parseListen(listen);
  const where =
    address.kind === 'unix'
      ? { socketPath: address.path, host: 'localhost' }
      : {
          host: address.host === '0.0.0.0' || address.host === '::' ? 'localhost' : address.host,
          port: address.port,
        };
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(text !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const gone = (): DaemonGone =>
    new DaemonGone(`the daemon at ${listen} ended before it answered; start it again and repeat the command`);
  return new Promise((resolve, reject) => {
    const sent = request({ ...where, method, path, headers }, (answer) => {
      let received = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        received += chunk;
      });
      answer.on('error', () => reject(gone()));
      answer.on('end', () => {
        const document = parsed(received);
        const status = answer.statusCode ?? 0;
        if (status < 400) return resolve(document);
        const known = refusal.safeParse(document);
        reject(new Refused(status, known.success ? known.data.error.message : `status ${status}`));
      });
    });
    const waiting = setInterval(() => {
      if (path === LIVENESS)
        sent.destroy(new DaemonGone(`the daemon at ${listen} (pid ${pid}) does not answer`));
      else ask(daemon, 'GET', LIVENESS).catch((error: Error) => sent.destroy(error));
    }, patienceMs);
    sent.on('close', () => clearInterval(waiting));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof DaemonGone) return reject(error);
      reject(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? notListening(daemon) : gone());
    });
    sent.end(text);
  });
}

/** A daemon has its store before it listens. */
function notListening({ listen, pid }: Daemon): DaemonGone {
  const sentence = `the daemon at ${listen} (pid ${pid}) takes no request: it is starting, or has just ended; repeat the command`;
  return new DaemonGone(sentence);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
