import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import { openStore } from '../../store/open-store.ts';
import type { StoreError } from '../../store/store-error.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { Clock } from '../../tuner/clock.ts';
import { environmentNow } from '../ask/environment.ts';
import { AskTell } from '../daemon/ask-tell.ts';
import { Daemon } from '../daemon/daemon.ts';
import { type Notifications, notify } from '../daemon/notify.ts';
import { planSummary } from '../daemon/plan-summary.ts';
import { StudyThread } from '../daemon/study-thread.ts';
import type { Log } from '../daemon/world.ts';
import { allowedPaths } from '../http/allowed-paths.ts';
import { guardFor } from '../http/guard.ts';
import { formatListen, type ListenAddress, withPort } from '../http/listen-address.ts';
import { httpServer, listen } from '../http/server.ts';

export type DaemonOptions = Readonly<{
  store: string;
  address: ListenAddress;
  /** Demanded of every request, where it is given. */
  token: string | undefined;
  /** Folders that requests may name files in. */
  allowPaths: readonly string[];
  notifications: Notifications;
  toolVersion: string;
  clock: Clock;
  log: Log;
  /** Aborted: settle what is being timed, and end. */
  signal: AbortSignal;
}>;

/** A slice that has not settled by then loses the trial in flight, as if it had been killed. */
const PATIENCE_MS = 4000;
/** How often trials that were asked for and never told are looked for. */
const EXPIRE_MS = 1000;

/**
 * Works on plans and answers over HTTP until the signal, one core left for the answers.
 * Throws InputError for what it cannot start with, and StoreError where the store is not to be had or
 * is lost on the way.
 */
export async function serveDaemon(options: DaemonOptions): Promise<void> {
  const { clock, log, token, signal, toolVersion } = options;
  const paths = allowedPaths(options.allowPaths);
  const address = await withPort(options.address);
  guardFor(address, token);
  const writer = { role: 'daemon', listen: formatListen(address) };
  const store = await openStore(options.store, { mode: 'write', clock, writer });
  const surroundings = { toolVersion, environment: environmentNow() };
  const threads: StudyThread[] = [];
  try {
    const ending = new AbortController();
    let lost: StoreError | undefined;
    const daemon = await Daemon.start({
      store,
      clock,
      log,
      toolVersion,
      threads: (hear) => {
        for (let i = 0; i < Math.max(1, availableParallelism() - 1); i++)
          threads.push(new StudyThread(store, hear, surroundings));
        return threads;
      },
      finished: (plan) => void tell(plan, store, options),
      lost: (error) => {
        lost ??= error;
        ending.abort();
      },
    });
    // A thread of its own thinks for those who measure elsewhere, so that no slice keeps them waiting.
    const thinker = new StudyThread(store, (event) => daemon.hear(event), surroundings);
    threads.push(thinker);
    const asks = new AskTell({
      store,
      clock,
      ...surroundings,
      listen: (event) => daemon.hear(event),
      think: (question) => thinker.think(question),
    });
    const expiring = setInterval(
      () => void asks.expire().catch((error: unknown) => daemon.complain(error)),
      EXPIRE_MS,
    );
    const server = httpServer({ address, token, desk: { daemon, asks, paths, clock, toolVersion }, log });
    try {
      await listen(server, address);
      log.info({ listen: writer.listen, threads: threads.length - 1 }, 'listening');
      await abortOf(AbortSignal.any([signal, ending.signal]));
      log.info({}, 'ending');
    } finally {
      clearInterval(expiring);
      await server.close();
      await Promise.race([daemon.close(), delay(PATIENCE_MS, undefined, { ref: false })]);
    }
    if (lost !== undefined) throw lost;
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
    await store.close();
  }
  log.info({}, 'ended');
}

async function tell(
  plan: Parameters<typeof planSummary>[0],
  store: CatalogStore & StudyStore & FindingStore,
  { notifications, log }: DaemonOptions,
): Promise<void> {
  if (notifications.onFinish === undefined && notifications.url === undefined) return;
  await notify(notifications, await planSummary(plan, store), log);
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
