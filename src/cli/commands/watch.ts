import { setTimeout as delay } from 'node:timers/promises';
import { formatListing } from '../../report/listing/listing.ts';
import { defineCommand } from '../command.ts';
import { statusListing, statusOf } from '../daemon-status.ts';
import { runningDaemon } from '../running-daemon.ts';

const REDRAW_MS = 500;
const LINE_MS = 2000;
const ENDING = 'Watching ends; the daemon and its studies go on.';
const NEXT =
  '`nightshift export` writes files for a build, `nightshift report --html report.html` adds the studies up.';

export const watch = defineCommand({
  arguments: {},
  options: {},
  examples: [['watch', 'until nothing is left to do, or Ctrl-C']],
  async act(flags, session) {
    const daemon = runningDaemon(flags, session);
    const signal = session.interruption(ENDING);
    const { isTerminal } = session.out;
    let drawn = 0;
    let told = '';
    for (;;) {
      const { rows, plans, ended } = await statusOf(daemon);
      // What is said of Ctrl-C stands below the last table.
      if (signal.aborted) return;
      const lines = plans.map((line) => `${line}\n`).join('');
      const states = JSON.stringify(rows.map(({ id, stateInPlan }) => [id, stateInPlan]));
      // A pipe gets the whole table only where a study's state has changed.
      const table =
        isTerminal || states !== told ? formatListing(statusListing(rows), 'table', session.out) : '';
      told = states;
      const most = ended === null ? session.out.height - 1 : undefined;
      drawn = session.printDrawn(lines + table, drawn, most);
      if (ended !== null) session.say(`Plan ${ended.plan} ended at ${ended.at}. ${NEXT}\n`);
      if (ended !== null || rows.length === 0 || signal.aborted) return;
      await delay(isTerminal ? REDRAW_MS : LINE_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  },
});
