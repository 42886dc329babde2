import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { InputError } from '../../search-space/input-error.ts';
import { isDashboardAsset } from './dashboard.ts';
import { HttpError } from './http-error.ts';
import { isLocal, type ListenAddress } from './listen-address.ts';

/** Decides whether a request is accepted. Throws HttpError. */
export type Guard = (
  request: Readonly<{ method: string; path: string; headers: IncomingHttpHeaders }>,
) => void;

/** The liveness probe, readable without a token: it tells nothing of the store. */
const OPEN = '/healthz';

/**
 * - Refuses requests from pages of other sites: the Host must be one of the daemon's names (against DNS
 *   rebinding), and an Origin, if there is one, must be the daemon's own.
 * - On an address that other machines can reach, every request needs the token. Throws InputError if none
 *   is set.
 */
export function guardFor(address: ListenAddress, token: string | undefined): Guard {
  if (!isLocal(address) && token === undefined) {
    throw new InputError(
      '--listen',
      'an address that others can reach needs a token',
      'put a long random one into NIGHTSHIFT_TOKEN, or listen on 127.0.0.1',
    );
  }
  const hosts = hostsOf(address);
  return ({ method, path, headers }) => {
    if (address.kind === 'tcp') checkHost(headers, hosts);
    checkOrigin(method, headers, hosts);
    if (token !== undefined && path !== OPEN && !isDashboardAsset(path)) checkToken(headers, token);
  };
}

/** The accepted Host names; undefined if any is accepted because a token is required. */
function hostsOf(address: ListenAddress): ReadonlySet<string> | undefined {
  if (address.kind === 'unix') return new Set();
  if (!isLocal(address)) return undefined;
  const { port } = address;
  const names = [
    'localhost',
    '127.0.0.1',
    '[::1]',
    address.host.includes(':') ? `[${address.host}]` : address.host,
  ];
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

function checkHost({ host }: IncomingHttpHeaders, hosts: ReadonlySet<string> | undefined): void {
  if (hosts === undefined || (host !== undefined && hosts.has(host.toLowerCase()))) return;
  throw new HttpError(403, 'wrong-host', `this daemon does not answer to the name '${host ?? ''}'`);
}

function checkOrigin(
  method: string,
  headers: IncomingHttpHeaders,
  hosts: ReadonlySet<string> | undefined,
): void {
  const { origin } = headers;
  if (origin !== undefined) {
    const from = URL.canParse(origin) ? new URL(origin).host : '';
    const isOurs = hosts === undefined ? from === headers.host : hosts.has(from);
    if (!isOurs) throw new HttpError(403, 'cross-site', `requests from ${origin} are refused`);
  }
  const site = headers['sec-fetch-site'];
  if (method !== 'GET' && (site === 'cross-site' || site === 'same-site'))
    throw new HttpError(403, 'cross-site', 'requests from other sites are refused');
}

function checkToken({ authorization }: IncomingHttpHeaders, token: string): void {
  const [, given = ''] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  // Hashes have one length, so the time of the comparison does not reveal the token's length.
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new HttpError(401, 'no-token', 'send the header `Authorization: Bearer <token>`');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
