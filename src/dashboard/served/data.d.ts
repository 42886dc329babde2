/** What the daemon serves to the page, in the server's own types. */
import type { DaemonEvent } from '../../daemon/event-hub.ts';
import type { LiveStudy } from '../../daemon/live.ts';
import type { StudyPage } from '../study-page.ts';
import type { StudyTrials } from '../study-trials.ts';

export type { LiveStudy } from '../../daemon/live.ts';
export type { PlanSummary } from '../../daemon/plan-summary.ts';
export type { DrawnCalls } from '../../report/timeline/stored.ts';
export type { PlanWhole } from '../plan-page.ts';
export type { WhatIfPage } from '../what-if-page.ts';
export type { WhyPage } from '../why-page.ts';
/** What a page of data may be that there is none of. */
export type None = Readonly<{ isNone: true }>;
export type { ListedStudy } from '../../http/dashboard.ts';
export type { ListedPlan } from '../../http/routes/plans.ts';
export type { StudyComparison } from '../comparison.ts';
export type { DevicesPage } from '../devices-page.ts';
export type { PageImportance } from '../importance-page.ts';
export type { BufferingPoint, KernelPage } from '../kernel-page.ts';
export type { PageTrial } from '../study-trials.ts';
/** A study's page without its trials, and what it waits for before its first one. */
export type StudyFacts = StudyPage & Readonly<{ progress: LiveStudy | null; waitsFor: string | null }>;
/** What a page that knows the earlier trials lacks. */
export type NewTrials = StudyTrials & Readonly<{ progress: LiveStudy | null }>;
/** A study's page with its trials. */
export type StudyData = StudyFacts & StudyTrials;
export type PageParameter = StudyPage['parameters'][number];
/** An event of the daemon; `reset` if some may have been missed. */
export type PageEvent = DaemonEvent | Readonly<{ kind: 'reset' }>;
/** A trial of a study's page; what only a comparison timed has no number. */
export type ShownTrial = StudyPage['compared'][number] & Readonly<{ number?: number }>;

/** What a route shows. */
export type View = Readonly<{
  title: string;
  nodes: readonly Node[];
  refresh(event: PageEvent): void;
}>;
/** Makes the view of an address's words; the signal aborts when the view is left. */
export type MakeView = (words: readonly string[], signal: AbortSignal) => Promise<View>;
