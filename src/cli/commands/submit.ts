import { z } from 'zod';
import { InputError } from '../../../search-space/input-error.ts';
import type { Budget } from '../../../store/records.ts';
import { expandPlan, totalOf } from '../../daemon/expand-plan.ts';
import { type Forecast, forecast, forecastTotal } from '../../daemon/forecast.ts';
import { type PlanFile, readPlanFile } from '../../daemon/plan-file.ts';
import { timeShown } from '../../daemon/until.ts';
import type { Listing } from '../../report/listing/listing.ts';
import { formatCount } from '../../report/terminal/numbers.ts';
import { formatDuration } from '../../text/duration.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import type { GlobalOption } from '../options/global.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { runningDaemon } from '../running-daemon.ts';
import type { Session } from '../session.ts';
import { importsOf, readingIfThere } from '../stores.ts';
import { toolVersion } from '../version.ts';

const submitted = z.object({ plan: z.string(), studies: z.array(z.unknown()) });

export const submit = defineCommand({
  arguments: { plan: 'A YAML or JSON file: kernels × shapes × targets, with budgets (docs/daemon.md)' },
  options: {
    'dry-run': { kind: 'switch', describe: 'Only say what would be done, and for how long' },
    ...listingOptions,
  },
  examples: [
    ['submit overnight.yaml', 'hand a plan to the daemon of this store'],
    ['submit overnight.yaml --dry-run', 'what it would do, and for how long'],
  ],
  async act(flags, session) {
    const file = readPlanFile(flags.required('plan'));
    if (flags.isOn('dry-run')) return dryRun(file, flags, session);
    const daemon = runningDaemon(flags, session);
    const { plan, studies } = submitted.parse(await daemon.post('/v1/plans', file));
    session.print(
      `Plan ${plan}: ${formatCount(studies.length)} ${studies.length === 1 ? 'study' : 'studies'}; \`nightshift watch\` shows how it goes.\n`,
    );
  },
});

async function dryRun(
  { plan, files }: PlanFile,
  flags: Flags<'format' | GlobalOption>,
  session: Session,
): Promise<void> {
  const now = session.clock.now();
  const planned = await expandPlan(plan, {
    ttir: (path) => textOf(files, path),
    path: (path) => path,
    imports: importsOf(flags, session),
    now,
  });
  const surroundings = { now, toolVersion: toolVersion() };
  const forecasts: Forecast[] = [];
  for (const one of planned) {
    forecasts.push(
      await readingIfThere(flags, session, undefined, async (store) =>
        forecast(one, store, surroundings),
      ).then((known) => known ?? forecast(one, undefined, surroundings)),
    );
  }
  printListing(forecastListing(forecasts, plan.timeZone), flags, session);
  const total = totalOf(plan);
  const limits = describeBudget(total, plan.timeZone);
  if (limits !== '') session.say(`In all: ${limits}.\n`);
  session.say(
    `Together at most about ${formatDuration(Math.max(1000, forecastTotal(forecasts, total)))} of work, shared among the daemon's threads.\n`,
  );
}

function textOf(files: PlanFile['files'], path: string): string {
  if (Object.hasOwn(files, path)) return files[path];
  throw new InputError('kernel', `${path} is not beside the plan`);
}

function forecastListing(rows: readonly Forecast[], timeZone: string): Listing<Forecast> {
  return {
    name: 'planned',
    rows,
    columns: [
      { title: 'kernel', text: ({ kernel }) => kernel },
      { title: 'shape', text: ({ shape }) => shape },
      { title: 'dtype', text: ({ dtype }) => dtype },
      { title: 'target', text: ({ target }) => target },
      { title: 'strategy', text: ({ strategy }) => strategy },
      {
        title: 'space',
        align: 'right',
        text: ({ spaceSize }) => formatCount(spaceSize),
        raw: ({ spaceSize }) => String(spaceSize),
      },
      { title: 'known', align: 'right', text: ({ settled }) => String(settled) },
      { title: 'budget', text: ({ budget }) => describeBudget(budget, timeZone) },
      {
        title: 'at most',
        align: 'right',
        text: ({ forMs }) => (forMs === null ? '–' : formatDuration(Math.max(1000, forMs))),
        raw: ({ forMs }) => (forMs === null ? '' : String(Math.round(forMs))),
      },
    ],
    document: (row) => row,
    whenEmpty: 'The plan asks for nothing.',
  };
}

function describeBudget({ trials, forMs, until, stall }: Budget, timeZone: string): string {
  return [
    trials === undefined ? undefined : `${formatCount(trials)} trials`,
    forMs === undefined ? undefined : formatDuration(forMs),
    until === undefined ? undefined : `until ${timeShown(timeZone, until)} ${timeZone}`,
    stall === undefined
      ? undefined
      : `${formatCount(stall.trials)} without ${Number((100 * stall.gain).toPrecision(6))} %`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
