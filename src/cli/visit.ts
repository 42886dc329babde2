import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { Budget } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import type { CountedStudy } from '../ask/count-subspaces.ts';
import { visitResolved } from '../ask/visit-resolved.ts';
import { reportProgress, silent } from './progress.ts';
import type { Session } from './session.ts';

/** Options of a visit besides its study and budget. */
export type VisitOptions = Readonly<{
  quiet: boolean;
  /** The prefix of progress lines, which names one of several studies. */
  heading: string;
  /** When its time began, on the clock's `elapsed`: for the first study with the command. */
  beganMs: number;
  signal: AbortSignal;
}>;

/** Opens a study and visits it until its budget is spent, with progress on stderr. */
export async function visit(
  counted: CountedStudy,
  budget: Budget,
  store: CatalogStore & StudyStore & VisitStore & ModelStore,
  { quiet, heading, beganMs, signal }: VisitOptions,
  session: Session,
): Promise<Findings> {
  const report = quiet
    ? silent
    : reportProgress(session, {
        heading,
        label: targetKinds[counted.target.kind].label,
        knownUs: await knownBest(counted.id, store),
      });
  try {
    const { clock } = session;
    return await visitResolved(counted, budget, store, { clock, beganMs, signal, listen: report.listen });
  } finally {
    report.end();
  }
}

/** The best time of earlier visits, microseconds. */
async function knownBest(studyId: string, store: StudyStore): Promise<number | undefined> {
  if ((await store.study(studyId)) === undefined) return undefined;
  const [fastest] = await store.fastest(studyId, 1);
  return fastest?.timeUs;
}
