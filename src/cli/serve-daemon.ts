import { createHash } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import { openStore } from '../../store/open-store.ts';
import type { StoreError } from '../../store/store-error.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { Clock } from '../../tuner/clock.ts';
import { environmentNow } from '../ask/environment.ts';
import { AskTell } from '../daemon/ask-tell.ts';
import { BuildQueue } from '../daemon/build-queue.ts';
import { Daemon } from '../daemon/daemon.ts';
import { type Notifications, notify } from '../daemon/notify.ts';
import { planSummary } from '../daemon/plan-summary.ts';
import { StudyThread } from '../daemon/study-thread.ts';
import { Submissions } from '../daemon/submissions.ts';
import type { Log } from '../daemon/world.ts';
import type { FleetAddress } from '../fleet/address.ts';
import type { DeviceList, FleetNews } from '../fleet/device-list.ts';
import { guardFor } from '../http/guard.ts';
import { formatListen, type ListenAddress, withPort } from '../http/listen-address.ts';
import { httpServer, listen } from '../http/server.ts';
import { libraryNames } from '../kernels/library.ts';

export type DaemonOptions = Readonly<{
  store: string;
  address: ListenAddress;
  /** Required of every request; undefined if none is set. */
  token: string | undefined;
  notifications: Notifications;
  /** The Redis of the fleet; undefined without one. */
  fleet: FleetAddress | undefined;
  toolVersion: string;
  clock: Clock;
  log: Log;
  /** When aborted, the daemon settles the trials being timed and ends. */
  signal: AbortSignal;
}>;

/** A slice that takes longer to settle loses the trial in flight, as after a kill. */
const PATIENCE_MS = 4000;
/** How often expired leases of trials are looked for. */
const EXPIRE_MS = 1000;
/** Studies of the fleet that are measured at once; their threads mostly wait. */
const AWAY_THREADS = 4;

/**
 * Works on plans and answers over HTTP until the signal aborts. One core is left for the answers.
 * Throws InputError for bad options, and StoreError if the store cannot be opened or becomes unusable.
 */
export async function serveDaemon(options: DaemonOptions): Promise<void> {
  const { clock, log, token, signal, toolVersion } = options;
  const address = await withPort(options.address);
  guardFor(address, token);
  const writer = { role: 'daemon', listen: formatListen(address) };
  const devices = await devicesOf(options);
  const opening = openStore(options.store, { mode: 'write', clock, writer, libraryNames });
  const store = await opening.catch(async (error: unknown) => {
    await devices?.close();
    throw error;
  });
  const surroundings = { toolVersion, environment: environmentNow() };
  const access = options.fleet && { address: options.fleet, owner: ownerOf(options.store) };
  const threads: StudyThread[] = [];
  // Questions have threads of their own, so that they need not wait for slices, nor for a harness's hard space.
  const thread = () => new StudyThread(store, () => {}, surroundings);
  const [questions, harness, builder] = [thread(), thread(), thread()];
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
        return [...threads];
      },
      ...(access && {
        awayThreads: (hear) => {
          const away = Array.from(
            { length: AWAY_THREADS },
            () => new StudyThread(store, hear, surroundings, access),
          );
          threads.push(...away);
          return away;
        },
      }),
      finished: (plan) => void tell(plan, store, options),
      lost: (error) => {
        lost ??= error;
        ending.abort();
      },
    });
    const asks = new AskTell({
      store,
      clock,
      ...surroundings,
      listen: (event) => daemon.hear(event),
      questions: harness,
      builder: new BuildQueue(builder, (ms, signal) => delay(ms, undefined, { signal, ref: false })),
    });
    const expiring = setInterval(
      () => void asks.expire().catch((error: unknown) => daemon.complain(error)),
      EXPIRE_MS,
    );
    const submissions = new Submissions(daemon);
    const desk = { daemon, asks, submissions, questions, clock, toolVersion, devices: devices?.read };
    const server = httpServer({ address, token, desk, log });
    try {
      await listen(server, address);
      log.info({ listen: writer.listen, threads: threads.length }, 'listening');
      await Promise.race([abortOf(signal), abortOf(ending.signal)]);
      log.info({}, 'ending');
    } finally {
      clearInterval(expiring);
      await server.close();
      await Promise.race([daemon.close(), delay(PATIENCE_MS, undefined, { ref: false })]);
    }
    if (lost !== undefined) throw lost;
  } finally {
    await Promise.all([...threads, questions, harness, builder].map((thread) => thread.close()));
    await devices?.close();
    await store.close();
  }
  log.info({}, 'ended');
}

/** Throws InputError if its Redis does not answer. What it takes is loaded for a fleet only. */
async function devicesOf({ fleet, store, log }: DaemonOptions): Promise<DeviceList | undefined> {
  if (fleet === undefined) return undefined;
  const { deviceList } = await import('../fleet/device-list.ts');
  const daemon = { owner: ownerOf(store), host: hostname(), pid: process.pid, store: resolve(store) };
  return deviceList(fleet, daemon, (news) => logNews(news, log));
}

function logNews(news: FleetNews, log: Log): void {
  if (news.kind === 'daemon') {
    const { host, pid, store } = news.other;
    log.warn(
      { host, pid, store },
      'another daemon hands out jobs on this Redis: they share the devices, and each takes longer',
    );
  } else if (news.kind === 'aside') {
    log.warn({ device: news.device, why: news.why }, 'a device gets no jobs for a minute');
  } else if (news.isThere) log.info({}, 'Redis is back');
  else log.warn({}, 'Redis is gone: studies of the fleet wait for it');
}

/** Tells the jobs of this store from those of other daemons of the fleet. */
function ownerOf(store: string): string {
  return createHash('sha256')
    .update(`${hostname()} ${resolve(store)}`)
    .digest('hex')
    .slice(0, 12);
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
