import type { DeviceDocument } from '../fleet/device-document.ts';
import { devicesAnswer } from '../http/routes/devices.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';
import type { GlobalOption } from './options/global.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';

/** The devices of the fleet of this store's daemon. Throws NothingFound where there is no daemon, or none with a fleet. */
export async function daemonDevices(
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly DeviceDocument[]> {
  const { devices, note } = devicesAnswer.parse(await runningDaemon(flags, session).get('/v1/devices'));
  if (devices === null) throw new NothingFound(note);
  return devices;
}
