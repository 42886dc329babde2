import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Budget } from '../../store/records.ts';
import type { StudyRequest } from '../ask/study-request.ts';
import { planSchema } from '../daemon/plan.ts';
import { type PlanFile, withFiles } from '../daemon/plan-file.ts';
import { type StudyDocument, studyDocumentSchema } from '../documents/findings.ts';
import { type DaemonClient, daemonOf } from '../http/client.ts';
import { formatShape } from '../kernels/shape.ts';
import { formatCount } from '../report/terminal/numbers.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { DEFAULT_TARGET } from './options/kernel.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';

/** Asked so often how it goes. Milliseconds. */
const LOOK_MS = 300;
/** What is asked for here goes before the plans of the night. */
const FIRST = 1000;
/** How the end of a study that broke down begins. */
const FAILED = 'failed: ';
/** A visit by hand does not end because nothing was gained. */
const NEVER = { gain: 0.01, trials: 1_000_000_000 };

const submitted = z.object({ plan: z.string(), studies: z.array(z.object({ study: z.string() })) });
const looked = z.object({
  state: z.enum(['active', 'ended']),
  studies: z.array(z.object({ trials: z.number(), stoppedBy: z.string().nullable() })),
});

/** The daemon that holds the store, if one does and can be told of this request. */
export function daemonFor(
  { without }: StudyRequest,
  flags: Flags<GlobalOption>,
  session: Session,
): DaemonClient | undefined {
  const path = storePath(flags.text('store'), session.env);
  const holder = daemonOf(path, session.env.NIGHTSHIFT_TOKEN);
  return holder === undefined || without !== undefined ? undefined : runningDaemon(flags, session);
}

/** One or more requests that differ in their shapes as a plan, a study each. */
export function planFor(
  requests: readonly [StudyRequest, ...StudyRequest[]],
  { trials, forMs }: Budget,
  flags: Flags<'kernel' | 'target'>,
): PlanFile {
  const [{ seed, strategy }] = requests;
  const plan = planSchema.parse({
    seed,
    strategy: strategy.name,
    targets: [flags.text('target') ?? DEFAULT_TARGET],
    studies: requests.map(({ kernel, values, start }) => ({
      kernel: flags.required('kernel'),
      shapes: [formatShape(kernel.shape)],
      dtype: kernel.dtype,
      values,
      start,
      priority: FIRST,
    })),
    budget: {
      ...(trials !== undefined && { trials }),
      ...(forMs !== undefined && { for: `${forMs / 1000}s` }),
    },
    done: NEVER,
  });
  return withFiles(plan, process.cwd());
}

/** Has the daemon visit the studies, and waits for what it finds of each. Interrupted, the visits are stopped. */
export async function tuneThrough(
  daemon: DaemonClient,
  file: PlanFile,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<readonly StudyDocument[]> {
  const signal = session.interruption();
  const { plan, studies } = submitted.parse(await daemon.post('/v1/plans', file));
  if (!flags.isOn('quiet')) session.say(`The daemon on ${daemon.listen} holds this store and does it.\n`);
  let stopped = false;
  for (;;) {
    const look = looked.parse(await daemon.get(`/v1/plans/${plan}`));
    if (look.state === 'ended') return found(daemon, studies, look);
    if (signal.aborted && !stopped) {
      for (const { study } of studies) await daemon.post(`/v1/studies/${study}/stop`);
      stopped = true;
    }
    if (!flags.isOn('quiet') && session.err.isTerminal) session.say(`\r${progressOf(look)}\u001b[K`);
    await delay(LOOK_MS, undefined, stopped ? {} : { signal }).catch(() => {});
  }
}

async function found(
  daemon: DaemonClient,
  studies: readonly Readonly<{ study: string }>[],
  look: z.infer<typeof looked>,
): Promise<readonly StudyDocument[]> {
  const failure = look.studies.find(({ stoppedBy }) => stoppedBy?.startsWith(FAILED))?.stoppedBy;
  if (failure) throw new Error(failure.slice(FAILED.length));
  const documents: StudyDocument[] = [];
  for (const { study } of studies)
    documents.push(studyDocumentSchema.parse(await daemon.get(`/v1/studies/${study}/ladder`)));
  return documents;
}

function progressOf({ studies }: z.infer<typeof looked>): string {
  const trials = studies.reduce((sum, study) => sum + study.trials, 0);
  const ended = studies.filter(({ stoppedBy }) => stoppedBy !== null).length;
  const of = studies.length > 1 ? `, ${ended} of ${studies.length} sizes done` : '';
  return `${formatCount(trials)} trials${of}`;
}
