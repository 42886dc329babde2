import { InputError } from '../../search-space/input-error.ts';
import { type DaemonClient, daemonOf, Refused } from '../http/client.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import type { Session } from './session.ts';

/** The daemon that holds the store; `patienceMs` is that of `daemonOf`. Throws NothingFound if none does. */
export function runningDaemon(
  flags: Flags<GlobalOption>,
  session: Session,
  patienceMs?: number,
): DaemonClient {
  const path = storePath(flags.text('store'), session.env);
  const daemon = daemonOf(path, session.env.NIGHTSHIFT_TOKEN, patienceMs);
  if (daemon === undefined)
    throw new NothingFound(`no daemon holds ${path}; start one with \`nightshift daemon --store ${path}\``);
  return {
    ...daemon,
    get: (resource) => daemon.get(resource).catch(asOurs),
    post: (resource, body) => daemon.post(resource, body).catch(asOurs),
  };
}

function asOurs(error: unknown): never {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) throw new InputError('daemon', 'needs its token', 'put it into NIGHTSHIFT_TOKEN');
  if (error.status === 404) throw new NothingFound(error.message);
  throw new InputError('daemon', error.message);
}
