import { InputError } from '../../search-space/input-error.ts';
import type { PlannedSpec } from '../ask/planned-studies.ts';
import { type Forecast, forecastOnDevice } from '../daemon/forecast.ts';
import type { DeviceDocument } from '../fleet/device-document.ts';
import { ableDevices, fits } from '../fleet/meant-devices.ts';

/** What a study of the fleet stands for: one for each kind of device that is there. Throws InputError if none is. */
export function forecastFleet(
  planned: PlannedSpec,
  pattern: string,
  devices: readonly DeviceDocument[],
  now: number,
): readonly Forecast[] {
  const there = devices.filter(({ device, isPresent }) => isPresent && fits(pattern, device));
  const able = ableDevices(there, planned.spec.kernel.name, ({ kernel }) => kernel);
  const kinds = new Map(
    able.flatMap(({ fingerprint, target, kind }) =>
      fingerprint === null || target === null || kind === null ? [] : [[fingerprint, { target, kind }]],
    ),
  );
  if (kinds.size === 0)
    throw new InputError(
      'target',
      `no device '${pattern}' is there`,
      'start `nightshift worker` on its host; `nightshift devices` lists those that are there',
    );
  return [...kinds.values()].map((kind) => forecastOnDevice(planned, kind, now));
}
