import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { DaemonGone, daemonOf } from './client.ts';

const PATIENCE_MS = 200;

/** A client of a server with the given answers, whose address is in a store's lock. Nobody listens where it is null. */
async function clientOf(answer: RequestListener | null) {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-client-'));
  const server = createServer(answer ?? (() => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  if (answer === null) server.close();
  const path = join(folder, 'store.db');
  const writer = { role: 'daemon', listen: `127.0.0.1:${port}` };
  const store = await openStore(path, { mode: 'write', clock: systemClock, writer });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const client = daemonOf(path, undefined, PATIENCE_MS);
  if (client === undefined) throw new Error('no daemon holds the store');
  return client;
}

it('waits for a long answer as long as the daemon runs', async () => {
  let asked = 0;
  let finish = () => {};
  const client = await clientOf((request, response) => {
    if (request.url !== '/healthz') {
      finish = () => response.writeHead(201).end('"taken"');
      return;
    }
    response.end('{"status":"ok"}');
    if (++asked === 3) finish();
  });
  expect(await client.post('/v1/plans', {})).toBe('taken');
  expect(asked).toBeGreaterThanOrEqual(3);
});

it('reports a daemon that does not answer', async () => {
  const client = await clientOf(() => {});
  await expect(client.post('/v1/plans', {})).rejects.toThrow(/does not answer/);
});

it('says so where a daemon has its store and does not listen yet', async () => {
  const client = await clientOf(null);
  await expect(client.post('/v1/plans', {})).rejects.toThrow(
    /takes no request: it is starting, or has just ended/,
  );
});

it.each([
  ['before its answer', () => {}],
  [
    'within its answer',
    (response: ServerResponse) => response.writeHead(200, { 'content-length': 9 }).write('"ta'),
  ],
])('says so where the daemon ends %s', async (_, begin) => {
  const client = await clientOf((request, response) => {
    begin(response);
    setTimeout(() => request.socket.destroy(), 5);
  });
  const asked = client.post('/v1/plans', {});
  await expect(asked).rejects.toThrow(DaemonGone);
  await expect(asked).rejects.toThrow(/ended before it answered/);
});
