import type { DeviceDocument } from '../fleet/device-document.ts';
import type { Family } from './metric-family.ts';

/** Series for each device of the fleet; what is unknown of one that is gone has none. */
export function deviceMetrics(devices: readonly DeviceDocument[] | undefined): readonly Family[] {
  const redis = gauge('nightshift_fleet_up', 'Whether the fleet’s Redis answers.', [
    { value: devices === undefined ? 0 : 1 },
  ]);
  if (devices === undefined) return [redis];
  const each = (value: (device: DeviceDocument) => number | null): Values =>
    devices.flatMap((device) => {
      const known = value(device);
      const labels = { device: device.device, ...(device.target !== null && { target: device.target }) };
      return known === null ? [] : [{ labels, value: known }];
    });
  return [
    redis,
    gauge(
      'nightshift_device_up',
      'Whether a worker is there.',
      each(({ isPresent }) => Number(isPresent)),
    ),
    gauge(
      'nightshift_device_busy',
      'Whether it measures.',
      each(({ isPresent, study }) => (isPresent ? Number(study !== null) : null)),
    ),
    gauge(
      'nightshift_device_set_aside',
      'Whether it gets no jobs, as it keeps failing.',
      each(({ setAside }) => Number(setAside !== null)),
    ),
    gauge(
      'nightshift_device_sample_seconds',
      'Time a sample takes.',
      each(({ msPerSample }) => (msPerSample === null ? null : msPerSample / 1000)),
    ),
    counter(
      'nightshift_device_samples_total',
      'Samples that it measured.',
      each(({ samples }) => samples),
    ),
    counter(
      'nightshift_device_jobs_lost_total',
      'Jobs that it did not end.',
      each(({ jobsLost }) => jobsLost),
    ),
  ];
}

type Values = readonly Readonly<{ labels?: Readonly<Record<string, string>>; value: number }>[];

function gauge(name: string, help: string, values: Values): Family {
  return { name, kind: 'gauge', help, samples: values.map((one) => ({ ...one, name })) };
}

function counter(name: string, help: string, values: Values): Family {
  return { ...gauge(name, help, values), kind: 'counter' };
}
