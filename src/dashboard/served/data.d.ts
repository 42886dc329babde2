/** What the daemon serves to the page, in the server's own types. */
import type { z } from 'zod';
import type { DaemonEvent } from '../../daemon/event-hub.ts';
import type { LiveStudy } from '../../daemon/live.ts';
import type { studyAnswer } from '../../http/study-answer.ts';
import type { StudyPage } from '../study-page.ts';

export type { LiveStudy } from '../../daemon/live.ts';
export type { StudyComparison } from '../comparison.ts';
export type { DevicesPage } from '../devices-page.ts';
export type { PageImportance } from '../importance-page.ts';
export type { BufferingPoint, KernelPage } from '../kernel-page.ts';
export type { PageTrial } from '../study-page.ts';

/** A study of the list. */
export type ListedStudy = z.infer<typeof studyAnswer>;
/** A study's page. */
export type StudyData = StudyPage & Readonly<{ progress: LiveStudy | null }>;
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
