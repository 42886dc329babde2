import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { InputError } from '../../search-space/input-error.ts';
import { isDashboardAsset } from './dashboard.ts';
import { HttpError } from './http-error.ts';
import { isLocal, type ListenAddress } from './listen-address.ts';

/** Decides whether a request may be heard at all. Throws HttpError. */
export type Guard = (
  request: Readonly<{ method: string; path: string; headers: IncomingHttpHeaders }>,
) => void;

/** What a monitor may read without a token: whether we live, nothing of what we know. */
const OPEN = '/healthz';

/**
 * - A page of another site that the user looks at must not reach us: the Host must be one of ours (so a
 *   name rebound to our address does not work), and a request that says where it comes from must come
 *   from us.
 * - Beyond this machine every request needs the token. Throws InputError where there is none.
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

/** The names under which we may be addressed; undefined where any will do because a token is needed anyway. */
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
    if (!isOurs) throw new HttpError(403, 'cross-site', `requests from ${origin} are not heard`);
  }
  const site = headers['sec-fetch-site'];
  if (method !== 'GET' && (site === 'cross-site' || site === 'same-site'))
    throw new HttpError(403, 'cross-site', 'requests from other sites are not heard');
}

function checkToken({ authorization }: IncomingHttpHeaders, token: string): void {
  const [, given = ''] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  // Hashes are of one length, so that the comparison tells nothing of the token's.
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new HttpError(401, 'no-token', 'send the header `Authorization: Bearer <token>`');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
