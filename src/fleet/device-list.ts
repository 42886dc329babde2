import { setTimeout as delay } from 'node:timers/promises';
import type { FleetAddress } from './address.ts';
import { connectNow } from './connection.ts';
import { announceDaemon, type FleetDaemon } from './daemons.ts';
import { type DeviceDocument, deviceDocument } from './device-document.ts';
import { Registry } from './registry.ts';

/** Whoever asks for the devices waits for Redis so long. Milliseconds. */
const PATIENCE_MS = 1000;

/** The devices of a fleet, for whoever watches a daemon. */
export type DeviceList = Readonly<{
  /** Undefined while Redis does not answer. */
  read(): Promise<readonly DeviceDocument[] | undefined>;
  close(): Promise<void>;
}>;

/** For a daemon that hands out jobs; tells of others beside it. Throws InputError if its Redis does not answer. */
export async function deviceList(
  address: FleetAddress,
  daemon: FleetDaemon,
  tell: (other: FleetDaemon) => void,
): Promise<DeviceList> {
  const redis = await connectNow(address);
  const registry = new Registry(redis);
  const leave = announceDaemon(redis, daemon, tell);
  return {
    async read() {
      const listed = registry.list().catch(() => undefined);
      const late = delay(PATIENCE_MS, undefined, { ref: false });
      return (await Promise.race([listed, late]))?.map(deviceDocument);
    },
    async close() {
      await Promise.race([leave(), delay(PATIENCE_MS, undefined, { ref: false })]);
      redis.disconnect();
    },
  };
}
