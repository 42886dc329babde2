import type { Configuration } from '../../search-space/parameter.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type {
  Budget,
  Environment,
  ImportedKernel,
  KernelRecord,
  StudyRecord,
  TargetRecord,
} from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { TargetKind } from '../../store/target-kinds.ts';
import type { Prediction, Proposal, SettledTrial } from '../../store/trial.ts';
import type { VerificationStore } from '../../store/verification-store.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import type { StopReason } from '../../tuner/budget.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { FrozenPrior } from '../../tuner/priors/prior.ts';
import type { BestSource } from '../answers/best/find-best.ts';
import type { BothImportances, bothImportances } from '../answers/importance.ts';
import type { StoredCall } from '../answers/stored-call.ts';
import type { MovedMachine, MovedQuestion } from '../answers/what-if/moved-machine.ts';
import type { Why, WhyQuestion } from '../answers/why/why.ts';
import type { PlannedVerification } from '../ask/planned-studies.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import type { BestDocument } from '../documents/best.ts';
import type { FleetAddress } from '../fleet/address.ts';
import type { DrawnCalls, NamedCall } from '../report/timeline/stored.ts';
import type { Breakdown } from '../targets/npu/simulator/breakdown.ts';
import type { SentError } from '../text/sent-error.ts';

/** How a thread reaches the fleet; `owner` tells the jobs of this daemon's store from those of others. */
export type FleetAccess = Readonly<{ address: FleetAddress; owner: string }>;

/** A study to visit, as it is sent to a worker thread, with the identity that it had when it was planned. */
export type StudyTask = Readonly<{
  studyId: string;
  spec: StudySpec;
  kind: TargetKind;
  budget: Budget;
  /** Its visit has ended so: what it found is to be verified. */
  verifying?: Readonly<{ question: PlannedVerification; stoppedBy: string; spentMs: number }>;
}>;

/** How a slice ended: 'interrupted', the work goes on; 'concluded', on request; 'verified', as far as its time was enough; else its budget is spent. */
export type SliceEnd = StopReason | 'concluded' | 'verified';

/**
 * Why a study ended for its plan: by its own budget; by the plan's (`total`); on a user's request
 * (`stopped` with a comparison, `cancelled` without); or by an error.
 */
export type EndReason = StopReason | 'total' | 'stopped' | 'cancelled' | 'failed';

/** A study measured by an external harness, as it is sent to a worker. */
export type ExternalStudy = Readonly<{ studyId: string; default: Configuration }> &
  Pick<StudyRecord, 'space' | 'strategy' | 'seed' | 'objective'>;

/** A harness's study as a request describes it. */
export type ExternalRequest = Readonly<{
  kernel: KernelRecord;
  target: TargetRecord;
  /** The content of a space file, not read yet. */
  space: unknown;
  default: Configuration | undefined;
  strategy: string;
  /** As the store has it. */
  objective: string;
  seed: number;
  toolVersion: string;
}>;

/** The first configuration of a list that is not in a space, and the reason. */
export type Misfit = Readonly<{ place: number; problem: string }>;

/** A kernel and target by their names. */
export type NamedSubject = Readonly<{
  kernel: string;
  shape: string | undefined;
  dtype: string | undefined;
  target: string;
  /** What the asked studies seek, as the store has it; undefined for the time. */
  objective: string | undefined;
}>;

/** A kernel to import, as a request describes it: its IR is JSON, not read yet. */
export type GivenKernel = Readonly<{ name: string; ir: string; source: string }>;

/** A study that was resolved and stored. In its spec, an imported kernel's name is replaced by its content. */
export type KeptStudy = Readonly<{ studyId: string; spec: StudySpec; usualBudget: Budget }>;

/** Long computations that a worker does, so that the caller's event loop stays free. Each throws InputError. */
export interface StudyQuestions {
  /** The studies that a spec stands for: one, or one for each kind of device of the fleet. */
  spread(spec: StudySpec): Promise<readonly StudySpec[]>;
  /** Looks a spec's names up, builds its space, and makes the study known to the store. */
  open(spec: StudySpec, toolVersion: string): Promise<KeptStudy>;
  /** Reads and builds a harness's space, within the work that the daemon allows, and makes the study known to the store. */
  openExternal(request: ExternalRequest): Promise<Pick<StudyRecord, 'id' | 'state'>>;
  /** Gets ready to propose: builds the study's space, and has the code of searches compiled. */
  prepare(study: ExternalStudy): Promise<void>;
  /** Undefined if all configurations are in the study's space. */
  misfit(study: ExternalStudy, configurations: readonly Configuration[]): Promise<Misfit | undefined>;
  /**
   * Up to `count` proposals, none of them in `without`; fewer when no other configuration is left. They are made of
   * the first `settled` trials, however many there are by then.
   */
  propose(
    study: ExternalStudy,
    count: number,
    without: readonly Configuration[],
    settled: number,
  ): Promise<readonly Proposal[]>;
  /** Predicts from the study's own times; null before two trials have a time. */
  predict(
    study: ExternalStudy,
    configurations: readonly Configuration[],
  ): Promise<readonly Prediction[] | null>;
  /** The configuration to use; it may have to lower the kernel and build its space. */
  best(subject: NamedSubject): Promise<BestDocument>;
  /** Simulates a configuration, or two, and draws their timelines; null if that is no longer possible. */
  timelines(first: NamedCall, second: NamedCall | null): Promise<DrawnCalls | null>;
  /** What becomes of configurations on a changed machine; undefined if the machine is not there any more. */
  whatIf(asked: MovedQuestion): Promise<MovedMachine | undefined>;
  /** What calls spend their time on; null where that can no longer be simulated. */
  breakdowns(
    call: Omit<StoredCall, 'configuration'>,
    configurations: readonly Configuration[],
  ): Promise<readonly (Breakdown | null)[]>;
  /** Why a study's configuration to use is as fast as it is. */
  why(asked: WhyQuestion): Promise<Why>;
  /** What matters in a study, from trials of it. */
  importance(...asked: Parameters<typeof bothImportances>): Promise<BothImportances>;
  /** Reads kernels and computes their records for the store. */
  kernelRecords(kernels: readonly GivenKernel[]): Promise<readonly KernelRecord[]>;
}

/** Questions of studies measured by a harness. */
export type HarnessQuestions = Pick<StudyQuestions, 'prepare' | 'misfit' | 'propose' | 'predict'>;

/** Such a question as it is sent to a worker. */
export type WorkerQuestion = {
  [Method in keyof StudyQuestions]: Readonly<{
    method: Method;
    arguments: Parameters<StudyQuestions[Method]>;
  }>;
}[keyof StudyQuestions];

/** To the worker. */
export type WorkerCommand =
  | Readonly<{ kind: 'question'; number: number; question: WorkerQuestion }>
  | Readonly<{
      kind: 'visit';
      task: StudyTask;
      sliceMs: number;
      /** Do not search: compare the finalists and end the visit. */
      conclude: boolean;
      toolVersion: string;
      environment: Environment;
    }>
  | Readonly<{ kind: 'yield' }>
  | Readonly<{ kind: 'returned'; call: number; value: unknown }>
  | Readonly<{ kind: 'thrown'; call: number; message: string }>;

/** From the worker: a call of the store, an event, the end of a slice, or the answer to a question. */
export type WorkerMessage =
  | (Readonly<{ kind: 'call'; call: number }> & StoreCall)
  | Readonly<{ kind: 'event'; event: StudyEvent }>
  | Readonly<{ kind: 'sliced'; end: SliceEnd }>
  | Readonly<{ kind: 'failed'; message: string }>
  | Readonly<{ kind: 'answered'; number: number; answer: unknown }>
  | Readonly<{ kind: 'refused'; number: number; refusal: SentError }>;

/** The store as a worker needs it. */
export type WorkerStore = VisitStore & Pick<Methods, OwnMethods>;

type OwnMethods = Exclude<keyof Methods, keyof VisitStore | 'trialsPage'>;

type Methods = Omit<VisitStore, 'trials'> &
  Pick<CatalogStore & StudyStore, 'saveKernel' | 'saveTarget' | 'openStudy'> &
  Omit<BestSource, 'trials'> &
  Pick<ModelStore, 'latestModel'> &
  Pick<VerificationStore, 'saveVerification'> &
  Readonly<{
    trialsPage: (studyId: string, from: number) => Promise<readonly SettledTrial[]>;
    frozenPrior: (studyId: string) => Promise<FrozenPrior | undefined>;
    importedKernels: () => Promise<readonly ImportedKernel[]>;
  }>;

/** A call of the store by a worker; the iterable of trials is sent as pages. */
export type StoreCall = {
  [Method in keyof Methods]: Readonly<{ method: Method; arguments: Parameters<Methods[Method]> }>;
}[keyof Methods];

/** Trials in a page. */
export const PAGE = 1000;
