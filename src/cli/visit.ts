import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { Budget } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { type Study, visitStudy } from '../../tuner/study.ts';
import { breathing } from '../ask/breathing-store.ts';
import { environmentNow } from '../ask/environment.ts';
import { openStudy, type StudyRequest } from '../ask/study-request.ts';
import type { AnyKernel } from '../kernels/opaque.ts';
import { TIME_LABELS } from '../report/terminal/study-title.ts';
import { reportProgress, silent } from './progress.ts';
import type { Session } from './session.ts';
import { toolVersion } from './version.ts';

/** What a command tells a visit besides the question. */
export type VisitOptions = Readonly<{
  quiet: boolean;
  /** Before every line of progress: which of several studies it is. */
  heading: string;
  signal: AbortSignal;
}>;

export type Visited = Readonly<{ study: Study; findings: Findings }>;

/** Opens the study that was asked for and visits it until its budget is spent, saying how it goes. */
export async function visit<K extends AnyKernel>(
  request: StudyRequest<K>,
  budget: Budget,
  store: CatalogStore & StudyStore & VisitStore & ModelStore,
  { quiet, heading, signal }: VisitOptions,
  session: Session,
): Promise<Visited> {
  const study = await openStudy(request, store, toolVersion());
  const backend = await request.target.backend(request.kernel, study.space);
  const report = quiet
    ? silent
    : reportProgress(session, {
        heading,
        label: TIME_LABELS[backend.provenance],
        knownUs: await knownBest(study.id, store),
      });
  try {
    const findings = await visitStudy(study, budget, {
      store: breathing(store),
      backend,
      clock: session.clock,
      signal,
      listen: report.listen,
      toolVersion: toolVersion(),
      environment: environmentNow(),
    });
    return { study, findings };
  } finally {
    report.end();
    await backend.close();
  }
}

/** What earlier visits found, so that a continuing one does not begin with nothing. */
async function knownBest(studyId: string, store: StudyStore): Promise<number | undefined> {
  const [fastest] = await store.listTrials({ studyId, order: 'time', limit: 1 });
  return fastest?.trial.state === 'timed' ? fastest.trial.timeUs : undefined;
}
