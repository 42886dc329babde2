import { defineCommand } from '../command.ts';
import { statusListing, statusOf } from '../daemon-status.ts';
import { NothingFound } from '../nothing-found.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { runningDaemon } from '../running-daemon.ts';

/** Nothing is lost if `status` gives up: it is asked in order to learn whether the daemon answers. */
const PATIENCE_MS = 3000;

export const status = defineCommand({
  arguments: {
    study:
      'A study by its id, or the beginning of it; without one, all of active plans, else of the last plan',
  },
  options: { ...listingOptions },
  examples: [['status', 'what the daemon of this store is doing']],
  async act(flags, session) {
    const daemon = runningDaemon(flags, session, PATIENCE_MS);
    const study = flags.text('study');
    const { rows, plans, ended } = await statusOf(daemon);
    const chosen = study === undefined ? rows : rows.filter(({ id }) => id.startsWith(study));
    if (study !== undefined && chosen.length === 0)
      throw new NothingFound(`no active study is called '${study}'; \`nightshift studies\` lists all`);
    printListing(statusListing(chosen), flags, session);
    for (const line of plans) session.say(`${line}.\n`);
    if (ended !== null) session.say(`Nothing to do: plan ${ended.plan} ended at ${ended.at}.\n`);
    session.say(`Daemon ${daemon.pid} answers on ${daemon.listen}.\n`);
  },
});
