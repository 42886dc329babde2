import { setTimeout as delay } from 'node:timers/promises';
import type { FleetAddress } from './address.ts';
import { connectNow, watchConnection } from './connection.ts';
import { announceDaemon, type FleetDaemon } from './daemons.ts';
import { type DeviceDocument, deviceDocument } from './device-document.ts';
import { BEAT_MS } from './lease-rules.ts';
import { Registry } from './registry.ts';

/** Whoever asks for the devices waits for Redis so long. Milliseconds. */
const PATIENCE_MS = 1000;

/** The devices of a fleet, for whoever watches a daemon. */
export type DeviceList = Readonly<{
  /** Undefined while Redis does not answer. */
  read(): Promise<readonly DeviceDocument[] | undefined>;
  close(): Promise<void>;
}>;

/** What a daemon's log says of its fleet: another daemon beside it, Redis lost or back, a device that gets no jobs for a while. */
export type FleetNews =
  | Readonly<{ kind: 'daemon'; other: FleetDaemon }>
  | Readonly<{ kind: 'redis'; isThere: boolean }>
  | Readonly<{ kind: 'aside'; device: string; why: string }>;

/** For a daemon that hands out jobs; tells what happens in its fleet. Throws InputError if its Redis does not answer. */
export async function deviceList(
  address: FleetAddress,
  daemon: FleetDaemon,
  tell: (news: FleetNews) => void,
): Promise<DeviceList> {
  const redis = await connectNow(address);
  const registry = new Registry(redis);
  const leave = announceDaemon(redis, daemon, (other) => tell({ kind: 'daemon', other }));
  const unwatch = watchConnection(redis, (isThere) => tell({ kind: 'redis', isThere }));
  const look = asideWatch(registry, (device, why) => tell({ kind: 'aside', device, why }));
  const looking = setInterval(() => void look(), 2 * BEAT_MS);
  return {
    async read() {
      const listed = registry.list().catch(() => undefined);
      const late = delay(PATIENCE_MS, undefined, { ref: false });
      return (await Promise.race([listed, late]))?.map(deviceDocument);
    },
    async close() {
      clearInterval(looking);
      unwatch();
      await Promise.race([leave(), delay(PATIENCE_MS, undefined, { ref: false })]);
      redis.disconnect();
    },
  };
}

/** Looks, and tells once of each device that is set aside since. */
function asideWatch(registry: Registry, tell: (device: string, why: string) => void): () => Promise<void> {
  let known = new Map<string, string>();
  let isLooking = false;
  return async () => {
    if (isLooking) return;
    isLooking = true;
    const listed = await registry.list().catch(() => undefined);
    isLooking = false;
    if (listed === undefined) return;
    const aside = new Map(listed.flatMap(({ device, aside: why }) => (why === null ? [] : [[device, why]])));
    for (const [device, why] of aside) if (known.get(device) !== why) tell(device, why);
    known = aside;
  };
}
