import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Budget } from '../../store/records.ts';
import { planSchema } from '../daemon/plan.ts';
import { type PlanFile, withFiles } from '../daemon/plan-file.ts';
import { type DaemonClient, daemonOf } from '../http/client.ts';
import { formatShape } from '../kernels/shape.ts';
import { type StudyDocument, studyDocumentSchema } from '../report/documents/findings.ts';
import { formatCount } from '../report/terminal/numbers.ts';
import type { StudyRequest } from '../study-request.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { DEFAULT_TARGET } from './options/kernel.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';

/** Asked so often how it goes. Milliseconds. */
const LOOK_MS = 300;
/** What is asked for here goes before the plans of the night. */
const FIRST = 1000;
/** A visit by hand does not end because nothing was gained. */
const NEVER = { gain: 0.01, trials: 1_000_000_000 };

const submitted = z.object({ plan: z.string(), studies: z.tuple([z.object({ study: z.string() })]) });
const looked = z.object({
  state: z.enum(['active', 'ended']),
  studies: z.tuple([z.object({ trials: z.number(), stoppedBy: z.string().nullable() })]),
});

/** The daemon that holds the store, if one does and can be told of this request. */
export function daemonFor(
  { without, screen }: StudyRequest,
  flags: Flags<GlobalOption>,
  session: Session,
): DaemonClient | undefined {
  const path = storePath(flags.text('store'), session.env);
  const holder = daemonOf(path, session.env.NIGHTSHIFT_TOKEN);
  return holder === undefined || without !== undefined || screen !== undefined
    ? undefined
    : runningDaemon(flags, session);
}

/** The request as a plan of one study. */
export function planFor(
  { kernel, strategy, seed, values, start }: StudyRequest,
  { trials, forMs }: Budget,
  flags: Flags<'kernel' | 'target'>,
): PlanFile {
  const plan = planSchema.parse({
    seed,
    strategy: strategy.name,
    targets: [flags.text('target') ?? DEFAULT_TARGET],
    studies: [
      {
        kernel: flags.required('kernel'),
        shapes: [formatShape(kernel.shape)],
        dtype: kernel.dtype,
        values,
        start,
        priority: FIRST,
      },
    ],
    budget: {
      ...(trials !== undefined && { trials }),
      ...(forMs !== undefined && { for: `${forMs / 1000}s` }),
    },
    done: NEVER,
  });
  return withFiles(plan, process.cwd());
}

/** Has the daemon visit the study, and waits for what it finds. Interrupted, the visit is stopped. */
export async function tuneThrough(
  daemon: DaemonClient,
  file: PlanFile,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<StudyDocument> {
  const signal = session.interruption();
  const { plan, studies } = submitted.parse(await daemon.post('/v1/plans', file));
  const [{ study }] = studies;
  if (!flags.isOn('quiet')) session.say(`The daemon on ${daemon.listen} holds this store and does it.\n`);
  let stopped = false;
  for (;;) {
    const look = looked.parse(await daemon.get(`/v1/plans/${plan}`));
    const [{ trials, stoppedBy }] = look.studies;
    if (look.state === 'ended') {
      if (stoppedBy?.startsWith('failed: ')) throw new Error(stoppedBy.slice('failed: '.length));
      return studyDocumentSchema.parse(await daemon.get(`/v1/studies/${study}/ladder`));
    }
    if (signal.aborted && !stopped) {
      await daemon.post(`/v1/studies/${study}/stop`);
      stopped = true;
    }
    if (!flags.isOn('quiet') && session.err.isTerminal)
      session.say(`\r${formatCount(trials)} trials\u001b[K`);
    await delay(LOOK_MS, undefined, stopped ? {} : { signal }).catch(() => {});
  }
}
