import type { DeviceDocument } from '../fleet/device-document.ts';

/** The fleet's devices; null where there is no fleet, or its Redis does not answer, with a sentence of which it is. */
export type DevicesPage = Readonly<{ devices: readonly DeviceDocument[] | null; note: string }>;

const ALONE = 'This daemon has no fleet: start it with --fleet, and a worker on the host of each device.';
const NOBODY = 'No worker has come yet: start `nightshift worker` on the host of a device.';
const SILENT = 'The fleet’s Redis does not answer: what its devices do is unknown.';

export async function devicesPage(
  read: (() => Promise<readonly DeviceDocument[] | undefined>) | undefined,
): Promise<DevicesPage> {
  if (read === undefined) return { devices: null, note: ALONE };
  const devices = await read();
  if (devices === undefined) return { devices: null, note: SILENT };
  return { devices, note: devices.length === 0 ? NOBODY : '' };
}
