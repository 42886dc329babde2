import { setTimeout as delay } from 'node:timers/promises';
import { formatListing } from '../../report/listing/listing.ts';
import { defineCommand } from '../command.ts';
import { statusListing, statusOf } from '../daemon-status.ts';
import { runningDaemon } from '../running-daemon.ts';

const REDRAW_MS = 500;
const LINE_MS = 5000;
const NEXT =
  '`nightshift export` writes files for a build, `nightshift report --html report.html` adds the studies up.';

export const watch = defineCommand({
  arguments: {},
  options: {},
  examples: [['watch', 'until nothing is left to do, or Ctrl-C']],
  async act(flags, session) {
    const daemon = runningDaemon(flags, session);
    const signal = session.interruption();
    const { isTerminal } = session.out;
    let drawn = 0;
    for (;;) {
      const { rows, ended } = await statusOf(daemon);
      const table = formatListing(statusListing(rows), 'table', session.out);
      drawn = session.printDrawn(table, drawn);
      if (ended !== null) session.say(`Plan ${ended.plan} ended at ${ended.at}. ${NEXT}\n`);
      if (ended !== null || rows.length === 0 || signal.aborted) return;
      await delay(isTerminal ? REDRAW_MS : LINE_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  },
});
