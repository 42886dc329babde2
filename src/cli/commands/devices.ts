import { InputError } from '../../../search-space/input-error.ts';
import { connectNow } from '../../fleet/connection.ts';
import { type DeviceDocument, deviceDocument } from '../../fleet/device-document.ts';
import { Registry } from '../../fleet/registry.ts';
import { daemonOf } from '../../http/client.ts';
import { formatCount } from '../../text/number-text.ts';
import { defineCommand } from '../command.ts';
import { daemonDevices } from '../daemon-devices.ts';
import type { Flags } from '../flags.ts';
import { fleetFrom, fleetOption } from '../options/fleet.ts';
import { type GlobalOption, storePath } from '../options/global.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import type { Session } from '../session.ts';

export const devices = defineCommand({
  arguments: {},
  options: { ...fleetOption, ...listingOptions },
  examples: [
    ['devices', 'the fleet of this store’s daemon: who is there, and what it measures'],
    ['devices --fleet redis://127.0.0.1:6379', 'the same without a daemon'],
  ],
  async act(flags, session) {
    const rows = await devicesFrom(flags, session);
    printListing(
      {
        name: 'devices',
        rows,
        columns: [
          { title: 'device', text: ({ device }) => device },
          { title: 'state', text: stateOf },
          { title: 'since', text: ({ since }) => timeOf(since) },
          { title: 'target', text: ({ target }) => target ?? '' },
          { title: 'fingerprint', text: ({ fingerprint }) => fingerprint ?? '' },
          { title: 'host', text: ({ host }) => host ?? '' },
          { title: 'samples', align: 'right', text: ({ samples }) => formatCount(samples) },
          {
            title: 'ms a sample',
            key: 'ms_a_sample',
            align: 'right',
            text: ({ msPerSample }) => msPerSample?.toFixed(1) ?? '',
          },
          {
            title: 'jobs lost',
            key: 'jobs_lost',
            align: 'right',
            text: ({ jobsLost }) => formatCount(jobsLost),
          },
        ],
        document: (row) => row,
        whenEmpty: 'no worker has come yet: start `nightshift worker` on a device’s host',
      },
      flags,
      session,
    );
  },
});

/** Those of the fleet that is named, else of this store's daemon. */
async function devicesFrom(
  flags: Flags<'fleet' | GlobalOption>,
  session: Session,
): Promise<readonly DeviceDocument[]> {
  const address = fleetFrom(flags, session.env);
  if (address !== undefined) {
    const redis = await connectNow(address);
    const listed = await new Registry(redis).list().finally(() => redis.disconnect());
    return listed.map(deviceDocument);
  }
  const path = storePath(flags.text('store'), session.env);
  if (daemonOf(path, undefined) === undefined)
    throw new InputError(
      '--fleet',
      `is missing, and no daemon holds ${path}`,
      'write --fleet redis://host:6379, or name the daemon’s store with --store',
    );
  return daemonDevices(flags, session);
}

function stateOf({ isPresent, setAside, study }: DeviceDocument): string {
  if (!isPresent) return setAside === null ? 'gone' : `gone: ${setAside}`;
  if (setAside !== null) return `set aside: ${setAside}`;
  return study === null ? 'waits' : `measures ${study}`;
}

function timeOf(since: number | null): string {
  return since === null ? '' : new Date(since).toISOString().slice(0, 19);
}
