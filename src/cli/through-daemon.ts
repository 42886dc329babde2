import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Budget } from '../../store/records.ts';
import { type Plan, planSchema } from '../ask/plan.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import { PLAN_STATES } from '../daemon/plan-summary.ts';
import { type StudyDocument, studyDocumentSchema } from '../documents/findings.ts';
import { verificationFigures } from '../documents/verify.ts';
import { type DaemonClient, daemonOf } from '../http/client.ts';
import { countOf } from '../report/words/numbers.ts';
import { verdictWords } from '../report/words/verified.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { progressLine } from './progress-line.ts';
import { runningDaemon } from './running-daemon.ts';
import type { Session } from './session.ts';

/** Milliseconds between two requests for progress. */
const LOOK_MS = 300;
/** The priority of studies started by a command: before those of other plans. */
const FIRST = 1000;
/** The prefix of `stoppedBy` for a study that failed. */
const FAILED = 'failed: ';

const submitted = z.object({ plan: z.string(), studies: z.array(z.object({ study: z.string() })) });
const looked = z.object({
  state: z.enum(PLAN_STATES),
  studies: z.array(
    z.object({
      study: z.string(),
      trials: z.number(),
      stoppedBy: z.string().nullable(),
      verification: verificationFigures.nullish(),
    }),
  ),
});

/** The daemon that holds the store, if any. */
export function runningDaemonOf(flags: Flags<GlobalOption>, session: Session): DaemonClient | undefined {
  const path = storePath(flags.text('store'), session.env);
  const holder = daemonOf(path, session.env.NIGHTSHIFT_TOKEN);
  return holder === undefined ? undefined : runningDaemon(flags, session);
}

/** A plan of these studies. Without a budget, each gets the default one of its target. */
function planOf(specs: readonly StudySpec[], budget: Budget | undefined, verify: boolean): Plan {
  return planSchema.parse({
    seed: specs[0]?.seed,
    studies: specs.map(({ shape, target, seed: _, ...spec }) => ({
      ...spec,
      ...(shape !== undefined && { shapes: [shape] }),
      targets: [target],
      priority: FIRST,
    })),
    budget: {
      ...(budget?.trials !== undefined && { trials: budget.trials }),
      ...(budget?.forMs !== undefined && { for: `${budget.forMs / 1000}s` }),
    },
    done: budget?.stall ?? null,
    verify,
  });
}

/** Has the daemon visit the studies, and waits for their findings. If interrupted, the visits are stopped. */
export async function tuneThrough(
  daemon: DaemonClient,
  specs: readonly StudySpec[],
  budget: Budget | undefined,
  flags: Flags<GlobalOption>,
  session: Session,
  verify = false,
): Promise<readonly StudyDocument[]> {
  const signal = session.interruption();
  const { plan, studies } = submitted.parse(
    await daemon.post('/v1/plans', { plan: planOf(specs, budget, verify), again: true }),
  );
  if (!flags.isOn('quiet'))
    session.say(`The daemon on ${daemon.listen} holds this store; the work is done there.\n`);
  const line = progressLine(session, flags.isOn('quiet'));
  let stopped = false;
  for (;;) {
    const look = looked.parse(await daemon.get(`/v1/plans/${plan}`));
    if (look.state === 'ended') {
      line.end();
      return found(daemon, studies, look);
    }
    if (signal.aborted && !stopped) {
      for (const { study } of studies) await daemon.post(`/v1/studies/${study}/stop`);
      stopped = true;
    }
    line.tell(progressOf(look));
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
  for (const { study } of studies) {
    const document = studyDocumentSchema.parse(await daemon.get(`/v1/studies/${study}/ladder`));
    const seen = look.studies.find((each) => each.study === study)?.verification ?? null;
    documents.push(
      seen === null ? document : { ...document, verification: { ...seen, sentence: verdictWords(seen) } },
    );
  }
  return documents;
}

function progressOf({ studies }: z.infer<typeof looked>): string {
  const trials = studies.reduce((sum, study) => sum + study.trials, 0);
  const ended = studies.filter(({ stoppedBy }) => stoppedBy !== null).length;
  const of = studies.length > 1 ? `, ${ended} of ${studies.length} sizes done` : '';
  return `${countOf(trials, 'trial')}${of}`;
}
