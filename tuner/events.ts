import type { Budget } from '../store/records.ts';
import type { SettledTrial } from '../store/trial.ts';
import type { WinnerVerdict } from '../store/verification.ts';
import type { Progress, StopReason } from './budget.ts';

/** What happens in a visit. Terminal, log, HTTP and metrics listen; code that measures prints nothing. */
export type StudyEvent =
  /** `settled`: the study's trials before; `ofVisit`: those of them that count against the budget, as the visit is taken up again. */
  | Readonly<{
      kind: 'started';
      studyId: string;
      spaceSize: number;
      settled: number;
      ofVisit: number;
      budget: Budget;
    }>
  /** Builds that are needed next begin, or go on: so many `files` are left, where that is known. Nothing is timed meanwhile. */
  | Readonly<{ kind: 'building'; studyId: string; configurations: number; files: number | undefined }>
  | Readonly<{ kind: 'settled'; studyId: string; trials: readonly SettledTrial[]; progress: Progress }>
  | Readonly<{ kind: 'improved'; studyId: string; trial: SettledTrial }>
  | Readonly<{ kind: 'comparing'; studyId: string }>
  /** So many rounds of the final comparison are done, so many are needed at least, and so much is left of the time that was asked for. */
  | Readonly<{ kind: 'round'; studyId: string; rounds: number; least: number; leftMs: number | undefined }>
  | Readonly<{ kind: 'ended'; studyId: string; stoppedBy: StopReason }>
  /** What was found is being timed anew: so many pairs, in so long, and what they say. */
  | Readonly<{
      kind: 'verifying';
      studyId: string;
      by: number;
      pairs: number;
      spentMs: number;
      verdict: WinnerVerdict;
    }>;

export type Listener = (event: StudyEvent) => void;
