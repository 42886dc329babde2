import { start } from '../cli/command-line.fixture.ts';
import { freePort } from '../daemon/free-port.ts';

/** A daemon that serves the pages of a store. */
export type Served = Readonly<{
  url(path: string): string;
  /** Throws what the daemon answers, if it refuses. */
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  end(): Promise<void>;
}>;

export async function serve(store: string): Promise<Served> {
  const port = await freePort();
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
  const words = ['daemon', '--store', store, '--listen', `127.0.0.1:${port}`, '--quiet'];
  const daemon = start(words, { cwd: '/tmp' });
  daemon.stderr?.resume();
  const closed = new Promise<void>((resolve) => daemon.on('close', () => resolve()));
  const ask = async (path: string, init?: RequestInit): Promise<unknown> => {
    const answer = await fetch(url(path), init);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  while (
    !(await fetch(url('/healthz')).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await new Promise((resolve) => setTimeout(resolve, 50));
  const headers = { 'content-type': 'application/json' };
  return {
    url,
    get: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', headers, body: JSON.stringify(body) }),
    end: async () => {
      daemon.kill('SIGTERM');
      await closed;
    },
  };
}
