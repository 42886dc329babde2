import type { PlannedSpec } from '../ask/planned-studies.ts';
import { type Forecast, forecastOnDevice } from '../daemon/forecast.ts';
import type { DeviceDocument } from '../fleet/device-document.ts';
import { meantDevices } from '../fleet/meant-devices.ts';

/** What a study of the fleet stands for: one for each kind of device that is there. Throws InputError as `submit` does. */
export function forecastFleet(
  planned: PlannedSpec,
  pattern: string,
  devices: readonly DeviceDocument[],
  now: number,
): readonly Forecast[] {
  const there = devices.filter(({ isPresent }) => isPresent);
  const able = meantDevices(pattern, planned.spec.kernel.name, there, (device) => device);
  const kinds = new Map(
    able.flatMap(({ fingerprint, target, kind }) =>
      fingerprint === null || target === null || kind === null ? [] : [[fingerprint, { target, kind }]],
    ),
  );
  return [...kinds.values()].map((kind) => forecastOnDevice(planned, kind, now));
}
