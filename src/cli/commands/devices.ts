import { connectNow } from '../../fleet/connection.ts';
import { deviceDocument } from '../../fleet/device-document.ts';
import { type Listed, Registry } from '../../fleet/registry.ts';
import { formatCount } from '../../text/number-text.ts';
import { defineCommand } from '../command.ts';
import { fleetOption, requiredFleet } from '../options/fleet.ts';
import { listingOptions, printListing } from '../options/listing.ts';

export const devices = defineCommand({
  arguments: {},
  options: { ...fleetOption, ...listingOptions },
  examples: [['devices --fleet redis://127.0.0.1:6379', 'who is there, and what it measures']],
  async act(flags, session) {
    const redis = await connectNow(requiredFleet(flags, session.env));
    const rows = await new Registry(redis).list().finally(() => redis.disconnect());
    printListing(
      {
        name: 'devices',
        rows,
        columns: [
          { title: 'device', text: ({ device }) => device },
          { title: 'state', text: stateOf },
          { title: 'since', text: (row) => timeOf(deviceDocument(row).since) },
          { title: 'target', text: ({ presence }) => presence?.identity.target.name ?? '' },
          { title: 'fingerprint', text: ({ presence }) => presence?.identity.target.fingerprint ?? '' },
          { title: 'host', text: ({ presence }) => presence?.host ?? '' },
          { title: 'samples', align: 'right', text: ({ presence }) => formatCount(presence?.samples ?? 0) },
          {
            title: 'ms a sample',
            key: 'ms_a_sample',
            align: 'right',
            text: (row) => deviceDocument(row).msPerSample?.toFixed(1) ?? '',
          },
          { title: 'jobs lost', key: 'jobs_lost', align: 'right', text: ({ lost }) => formatCount(lost) },
        ],
        document: deviceDocument,
        whenEmpty: 'no worker has come yet: start `nightshift worker` on a device’s host',
      },
      flags,
      session,
    );
  },
});

function stateOf({ presence, aside }: Listed): string {
  if (presence === null) return 'gone';
  if (aside !== null) return `set aside: ${aside}`;
  return presence.work === null ? 'waits' : `measures ${presence.work.study}`;
}

function timeOf(since: number | null): string {
  return since === null ? '' : new Date(since).toISOString().slice(0, 19);
}
