import { existsSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';

/** The address that a daemon listens on. */
export type ListenAddress =
  | Readonly<{ kind: 'tcp'; host: string; port: number }>
  | Readonly<{ kind: 'unix'; path: string }>;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** "127.0.0.1:7070", "[::1]:7070", "unix:/run/nightshift.sock". Throws InputError. */
export function parseListen(text: string): ListenAddress {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    if (path.startsWith('/')) return { kind: 'unix', path };
  }
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:]+)\]|([^:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) < 65536) return { kind: 'tcp', host, port: Number(port) };
  throw new InputError(
    '--listen',
    `'${text}' is not an address`,
    'write 127.0.0.1:7070, [::1]:7070 or unix:/path/to/socket',
  );
}

export function formatListen(address: ListenAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

/** Whether only this machine can reach the address. */
export function isLocal(address: ListenAddress): boolean {
  return address.kind === 'unix' || LOOPBACK.test(address.host);
}

/** Replaces port 0 by a port that is free now, so that the lock can name the real one. */
export async function withPort(address: ListenAddress): Promise<ListenAddress> {
  if (address.kind === 'unix' || address.port !== 0) return address;
  const { host } = address;
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const bound = probe.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      probe.close(() => resolve({ kind: 'tcp', host, port }));
    });
  });
}

/** Removes a socket that a killed daemon left. Throws InputError if anything else is there. */
export async function clearSocket(path: string): Promise<void> {
  const refusal = (why: string): InputError =>
    new InputError('--listen', `unix:${path}: ${why}`, 'name another one');
  if (!existsSync(dirname(path))) throw refusal('its folder does not exist');
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket()) throw refusal('there is a file of that name, and it is no socket');
  if (await answers(path)) throw refusal('another program answers there');
  rmSync(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('error', () => resolve(false));
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
  });
}
