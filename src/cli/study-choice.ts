import type { StoredFindings } from '../../store/records.ts';
import type { StudySummary, TrialStore } from '../../store/trial-store.ts';
import { kernelHash } from '../kernels/hash.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';
import type { GlobalOption } from './options/global.ts';
import { describeQuestion, questionOf, tuneCommand } from './questions.ts';
import type { Session } from './session.ts';

export type ChosenStudy = Readonly<{ summary: StudySummary; findings: StoredFindings }>;

type Choice = Flags<'kernel' | 'shape' | 'dtype' | 'target' | 'study' | GlobalOption>;

/**
 * The study that a command's flags mean: by its id; or the fastest of the question that shape, dtype or
 * target make exact; or else the newest of the kernel. Throws NothingFound where it has no findings.
 */
export async function chooseStudy(flags: Choice, session: Session, store: TrialStore): Promise<ChosenStudy> {
  const id = flags.text('study');
  if (id !== undefined) return byId(id, store);
  const isExact = [flags.text('shape'), flags.text('dtype'), flags.text('target')].some(
    (given) => given !== undefined,
  );
  if (!isExact) {
    const chosen = await firstWithFindings(
      await store.studies({ kernelName: flags.required('kernel') }),
      store,
    );
    if (chosen !== undefined) return chosen;
  }
  const question = await questionOf(flags, flags.text('shape'), session);
  const { kernel, target } = question;
  const studies = await store.studies({
    kernelHash: kernelHash(kernel),
    targetFingerprint: target.fingerprint,
  });
  const chosen = await firstWithFindings([...studies].sort(byTime), store);
  if (chosen !== undefined) return chosen;
  throw new NothingFound(
    `no study of ${describeQuestion(question)} has ended; begin with \`${tuneCommand(question)}\``,
  );
}

async function byId(id: string, store: TrialStore): Promise<ChosenStudy> {
  const study = await store.study(id);
  if (study === undefined)
    throw new NothingFound(`no single study is called '${id}'; \`nightshift studies\` lists them`);
  const { kernelHash, targetFingerprint } = study;
  const summaries = await store.studies({ kernelHash, targetFingerprint });
  const chosen = await firstWithFindings(
    summaries.filter((summary) => summary.study.id === study.id),
    store,
  );
  if (chosen !== undefined) return chosen;
  throw new NothingFound(`study ${study.id} has not ended yet; the command that began it goes on with it`);
}

async function firstWithFindings(
  summaries: readonly StudySummary[],
  store: TrialStore,
): Promise<ChosenStudy | undefined> {
  for (const summary of summaries) {
    const findings = await store.findings(summary.study.id);
    if (findings !== undefined) return { summary, findings };
  }
  return undefined;
}

function byTime(a: StudySummary, b: StudySummary): number {
  return (a.best?.timeUs ?? Number.POSITIVE_INFINITY) - (b.best?.timeUs ?? Number.POSITIVE_INFINITY);
}
