import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { guardFor } from './guard.ts';
import { HttpError } from './http-error.ts';
import { clearSocket, isLocal, parseListen } from './listen-address.ts';

const loopback = parseListen('127.0.0.1:7070');
const open = parseListen('0.0.0.0:7070');
const host = '127.0.0.1:7070';

function status(act: () => void): number {
  try {
    act();
    return 200;
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

const get = (headers: object, path = '/v1/studies') => ({ method: 'GET', path, headers: { ...headers } });
const post = (headers: object) => ({ method: 'POST', path: '/v1/pause', headers: { ...headers } });

describe('on this machine', () => {
  const guard = guardFor(loopback, undefined);

  it.each(['127.0.0.1:7070', 'localhost:7070', '[::1]:7070', 'LOCALHOST:7070'])('answers to %s', (name) => {
    expect(status(() => guard(get({ host: name })))).toBe(200);
  });

  it.each(['evil.example:7070', 'localhost:7071', 'localhost', '127.0.0.1.evil.example:7070', undefined])(
    'does not answer to a name rebound to it: %s',
    (name) => {
      expect(status(() => guard(get({ host: name })))).toBe(403);
    },
  );

  it.each(['https://evil.example', 'http://localhost:3000', 'null', 'file://'])(
    'refuses requests from pages of %s',
    (origin) => {
      expect(status(() => guard(post({ host, origin })))).toBe(403);
      expect(status(() => guard(get({ host, origin })))).toBe(403);
    },
  );

  it('answers its own pages, and programs without an Origin header', () => {
    expect(status(() => guard(post({ host, origin: 'http://127.0.0.1:7070' })))).toBe(200);
    expect(status(() => guard(post({ host })))).toBe(200);
  });

  it('refuses forms of other sites', () => {
    expect(status(() => guard(post({ host, 'sec-fetch-site': 'cross-site' })))).toBe(403);
    expect(status(() => guard(post({ host, 'sec-fetch-site': 'same-origin' })))).toBe(200);
  });
});

describe('beyond this machine', () => {
  const guard = guardFor(open, 'a long secret');

  it('refuses to start without a token', () => {
    expect(() => guardFor(open, undefined)).toThrow(/NIGHTSHIFT_TOKEN/);
    expect(() => guardFor(parseListen('unix:/tmp/socket'), undefined)).not.toThrow();
  });

  it.each([
    undefined,
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'Basic a long secret',
    'a long secret',
    'Bearer a long secre',
  ])('refuses %s', (authorization) => {
    expect(status(() => guard(get({ host: 'box:7070', authorization })))).toBe(401);
  });

  it('answers with a token; the liveness probe needs none', () => {
    expect(status(() => guard(get({ host: 'box:7070', authorization: 'Bearer a long secret' })))).toBe(200);
    expect(status(() => guard(get({ host: 'box:7070', authorization: 'bearer a long secret' })))).toBe(200);
    expect(status(() => guard(get({ host: 'box:7070' }, '/healthz')))).toBe(200);
    expect(status(() => guard(get({ host: 'box:7070' }, '/metrics')))).toBe(401);
  });

  it('requires a token on this machine too, if one is set', () => {
    expect(status(() => guardFor(loopback, 'secret')(get({ host })))).toBe(401);
  });
});

describe('addresses', () => {
  it.each([
    ['127.0.0.1:7070', true],
    ['localhost:0', true],
    ['[::1]:7070', true],
    ['unix:/run/nightshift.sock', true],
    ['0.0.0.0:7070', false],
    ['[::]:7070', false],
    ['192.168.1.2:80', false],
  ])('%s is local: %s', (text, local) => {
    expect(isLocal(parseListen(text))).toBe(local);
  });

  it.each(['7070', '127.0.0.1', 'unix:socket', '127.0.0.1:99999', '::1:7070', ''])('refuses %s', (text) => {
    expect(() => parseListen(text)).toThrow(/is not an address/);
  });

  it('replaces the socket of a killed daemon, but neither a file nor a socket that answers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nightshift-socket-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const notes = join(folder, 'notes.txt');
    writeFileSync(notes, 'dear to me');
    await expect(clearSocket(notes)).rejects.toThrow(/no socket/);
    expect(readFileSync(notes, 'utf8')).toBe('dear to me');
    await expect(clearSocket(join(folder, 'none', 'socket'))).rejects.toThrow(/folder does not exist/);

    const socket = join(folder, 'socket');
    const left = `require('net').createServer().listen('${socket}', () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', left]);
    expect(existsSync(socket)).toBe(true);
    await clearSocket(socket);
    expect(existsSync(socket)).toBe(false);

    const server = createServer().listen(socket);
    await once(server, 'listening');
    await expect(clearSocket(socket)).rejects.toThrow(/another program answers/);
    expect(existsSync(socket)).toBe(true);
    server.close();
  });
});
