import { expect, it } from 'vitest';
import type { DeviceDocument } from '../fleet/device-document.ts';
import { desktop } from './desk.fixture.ts';

const board: DeviceDocument = {
  device: 'board-1',
  isPresent: true,
  study: 'abc',
  since: 5,
  target: 'command',
  kind: 'device',
  fingerprint: 'f',
  kernel: 'mine',
  host: 'h',
  version: '1',
  samples: 12,
  msPerSample: 250,
  jobsLost: 3,
  setAside: 'lost 3 jobs in a row',
};
const gone: DeviceDocument = {
  ...board,
  device: 'board-2',
  isPresent: false,
  study: null,
  target: null,
  samples: 40,
  msPerSample: null,
  setAside: null,
};

const metricsOf = async ({ server }: Awaited<ReturnType<typeof desktop>>): Promise<string> =>
  (await server.inject({ method: 'GET', url: '/metrics', headers: { host: '127.0.0.1:7070' } })).body;

it('shows the devices, and says what is unknown of them', async () => {
  const desk = await desktop({ devices: async () => [board, gone] });
  expect(await desk.ask('GET', '/dashboard/data/devices')).toEqual({
    status: 200,
    body: { devices: [board, gone], note: '' },
  });
  expect(await desk.ask('GET', '/v1/devices')).toMatchObject({
    status: 200,
    body: { devices: [board, gone] },
  });
  const metrics = await metricsOf(desk);
  expect(metrics).toContain('nightshift_device_up{device="board-1",target="command"} 1\n');
  expect(metrics).toContain('nightshift_device_up{device="board-2"} 0\n');
  expect(metrics).toContain('nightshift_device_sample_seconds{device="board-1",target="command"} 0.25\n');
  expect(metrics).toContain('nightshift_device_set_aside{device="board-1",target="command"} 1\n');
  expect(metrics).toContain('nightshift_device_jobs_lost_total{device="board-2"} 3\n');
  expect(metrics).toContain('nightshift_device_samples_total{device="board-2"} 40\n');
  expect(metrics).not.toMatch(/sample_seconds{device="board-2"/);
});

it('has no device without a fleet, and none known while Redis is silent', async () => {
  const alone = await desktop();
  const page = await alone.ask('GET', '/dashboard/data/devices');
  expect(page.body).toMatchObject({ devices: null, note: expect.stringMatching(/no fleet/) });
  expect(await metricsOf(alone)).not.toContain('nightshift_device');
  const silent = await desktop({ devices: async () => undefined });
  const unknown = await silent.ask('GET', '/dashboard/data/devices');
  expect(unknown.body).toMatchObject({ devices: null, note: expect.stringMatching(/does not answer/) });
  expect(await metricsOf(silent)).toContain('nightshift_fleet_up 0\n');
});
