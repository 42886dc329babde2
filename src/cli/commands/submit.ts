import { basename } from 'node:path';
import { z } from 'zod';
import type { Budget } from '../../../store/records.ts';
import type { Plan } from '../../ask/plan.ts';
import { plannedStudies, totalOf } from '../../ask/planned-studies.ts';
import { resolveStudy } from '../../ask/resolve-study.ts';
import { toolVersion } from '../../ask/tool-version.ts';
import { timeShown } from '../../ask/until.ts';
import { type Forecast, forecast, forecastTotal } from '../../daemon/forecast.ts';
import type { DeviceDocument } from '../../fleet/device-document.ts';
import type { Listing } from '../../report/listing/listing.ts';
import { countOf } from '../../report/words/numbers.ts';
import { formatDuration } from '../../text/duration.ts';
import { formatCount } from '../../text/number-text.ts';
import { defineCommand } from '../command.ts';
import { daemonDevices } from '../daemon-devices.ts';
import type { Flags } from '../flags.ts';
import { forecastFleet } from '../forecast-fleet.ts';
import type { GlobalOption } from '../options/global.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { readPlanFile } from '../plan-file.ts';
import { runningDaemon } from '../running-daemon.ts';
import type { Session } from '../session.ts';
import { Spaces } from '../spaces.ts';
import { importsOf, readingIfThere } from '../stores.ts';

const submitted = z.object({ plan: z.string(), studies: z.array(z.unknown()) });

/** From so many studies on, the daemon's answer takes seconds. */
const MANY = 100;

export const submit = defineCommand({
  arguments: { plan: 'A YAML or JSON file: kernels × shapes × targets, with budgets (docs/daemon.md)' },
  options: {
    'dry-run': { kind: 'switch', describe: 'Only list the studies, and how long they take' },
    ...listingOptions,
  },
  examples: [
    ['submit overnight.yaml', 'hand a plan to the daemon of this store'],
    ['submit overnight.yaml --dry-run', 'its studies, and how long they take'],
  ],
  async act(flags, session) {
    const path = flags.required('plan');
    const asked = readPlanFile(path);
    if (flags.isOn('dry-run')) return dryRun(asked, flags, session);
    const daemon = runningDaemon(flags, session);
    const count = plannedStudies(asked, session.clock.now()).length;
    if (count >= MANY && !flags.isOn('quiet'))
      session.say(
        `The daemon takes the plan once the spaces of its ${countOf(count, 'study', 'studies')} are built …\n`,
      );
    const named: Plan = { ...asked, name: asked.name ?? basename(path) };
    const { plan, studies } = submitted.parse(await daemon.post('/v1/plans', { plan: named }));
    session.print(
      `Plan ${plan}: ${formatCount(studies.length)} ${studies.length === 1 ? 'study' : 'studies'}; \`nightshift watch\` shows its progress.\n`,
    );
  },
});

async function dryRun(plan: Plan, flags: Flags<'format' | GlobalOption>, session: Session): Promise<void> {
  const now = session.clock.now();
  const imports = importsOf(flags, session);
  const { restrict } = new Spaces(flags, session);
  const surroundings = { now, toolVersion: toolVersion() };
  const forecasts: Forecast[] = [];
  const sources = new Map<Forecast, string>();
  let devices: Promise<readonly DeviceDocument[]> | undefined;
  for (const planned of plannedStudies(plan, now)) {
    const { target } = planned.spec;
    if (target.kind === 'device') {
      devices ??= daemonDevices(flags, session);
      forecasts.push(...forecastFleet(planned, target.device, await devices, now));
      continue;
    }
    const study = { ...planned, resolved: await resolveStudy(planned.spec, imports, restrict) };
    const known = await readingIfThere(flags, session, undefined, async (store) =>
      forecast(study, store, surroundings),
    );
    const one = known ?? (await forecast(study, undefined, surroundings));
    forecasts.push(one);
    sources.set(one, study.resolved.kernel.source);
  }
  printListing(forecastListing(toldApart(forecasts, sources), plan.timeZone), flags, session);
  const total = totalOf(plan);
  const limits = describeBudget(total, plan.timeZone);
  if (limits !== '') session.say(`In all: ${limits}.\n`);
  session.say(`${wholeOf(forecasts, total)}\n`);
}

/** Kernels of one name and several sources have theirs beside the name: "mine (./k1/mine.ttir)". */
function toldApart(
  forecasts: readonly Forecast[],
  sources: ReadonlyMap<Forecast, string>,
): readonly Forecast[] {
  return forecasts.map((one) => {
    const source = sources.get(one);
    const isAlone = forecasts.every((other) => other.kernel !== one.kernel || sources.get(other) === source);
    return isAlone || source === undefined ? one : { ...one, kernel: `${one.kernel} (${source})` };
  });
}

/** Where no limit of the whole plan holds, a study that takes nobody knows how long is in no sum. */
function wholeOf(forecasts: readonly Forecast[], total: ReturnType<typeof totalOf>): string {
  const unknown = total.forMs === undefined ? forecasts.filter(({ forMs }) => forMs === null).length : 0;
  const rest =
    unknown === 0
      ? ''
      : `; how long ${formatCount(unknown)} ${unknown === 1 ? 'study takes' : 'studies take'} is unknown`;
  if (unknown === forecasts.length && unknown > 0)
    return 'How long this takes is unknown: nothing was timed yet, and a forecast neither measures on a real machine nor compiles.';
  const forMs = Math.max(1000, forecastTotal(forecasts, total));
  return `The searches take about ${formatDuration(forMs)} of work together, shared among the daemon's threads; final comparisons come on top${rest}.`;
}

function forecastListing(rows: readonly Forecast[], timeZone: string): Listing<Forecast> {
  return {
    name: 'planned',
    rows,
    columns: [
      { title: 'kernel', text: ({ kernel }) => kernel },
      { title: 'shape', text: ({ shape }) => shape ?? '–', raw: ({ shape }) => shape ?? '' },
      { title: 'dtype', text: ({ dtype }) => dtype ?? '–', raw: ({ dtype }) => dtype ?? '' },
      { title: 'target', text: ({ target }) => target },
      { title: 'strategy', text: ({ strategy }) => strategy },
      {
        title: 'space',
        align: 'right',
        text: ({ spaceSize }) => (spaceSize === null ? '–' : formatCount(spaceSize)),
        raw: ({ spaceSize }) => String(spaceSize ?? ''),
      },
      {
        title: 'known',
        align: 'right',
        text: ({ settled }) => String(settled ?? '–'),
        raw: ({ settled }) => String(settled ?? ''),
      },
      { title: 'budget', text: ({ budget }) => describeBudget(budget, timeZone) },
      {
        title: 'at most',
        align: 'right',
        text: ({ forMs }) => (forMs === null ? 'unknown' : formatDuration(Math.max(1000, forMs))),
        raw: ({ forMs }) => (forMs === null ? '' : String(Math.round(forMs))),
      },
    ],
    document: (row) => row,
    whenEmpty: 'The plan asks for nothing.',
  };
}

function describeBudget({ trials, forMs, until, stall }: Budget, timeZone: string): string {
  return [
    trials === undefined ? undefined : countOf(trials, 'trial'),
    forMs === undefined ? undefined : formatDuration(forMs),
    until === undefined ? undefined : `until ${timeShown(timeZone, until)} ${timeZone}`,
    stall === undefined
      ? undefined
      : `${formatCount(stall.trials)} without ${Number((100 * stall.gain).toPrecision(6))} %`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
