import type { Configuration } from '../search-space/parameter.ts';
import type { SpaceDefinition } from '../search-space/space-definition.ts';
import type { TargetKind } from './target-kinds.ts';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | Readonly<{ [key: string]: Json }>;
export type JsonObject = Readonly<{ [key: string]: Json }>;

/** Named numbers, the input of cost models. */
export type Features = Readonly<Record<string, number>>;

/** A computation with a concrete shape and dtype. `ir` is JSON text; null if only the user's device can run it. */
export type KernelRecord = Readonly<{
  hash: string;
  name: string;
  shape: string;
  dtype: string;
  ir: string | null;
  features: Features;
  /** "library", "opaque", or the file it was imported from. */
  source: string;
}>;

/**
 * A kernel in lists and answers. Its `name` is a unique title: "gelu" of the library, "gelu (imported a1b2)".
 * A request may use the name or the title.
 */
export type KernelTitle = Readonly<Pick<KernelRecord, 'hash' | 'name' | 'shape' | 'dtype' | 'source'>>;

/** A target in lists and answers. Its `name` is a unique title: "npu" for the latest of its name, "npu (earlier 3f2e)" for others. */
export type TargetTitle = Readonly<Pick<TargetRecord, 'fingerprint' | 'name' | 'kind'>>;

/** A kernel that the user imported, under its name. */
export type ImportedKernel = Readonly<{
  kernel: KernelRecord;
  /** How often a model calls it; null if unknown. */
  calls: number | null;
  /** Its Triton IR, from which other shapes are made; null if it was imported as nightshift's IR. */
  ttir: string | null;
  importedAt: number;
}>;

/** A machine on which results were made. A different fingerprint is a different target, even under the same name. */
export type TargetRecord = Readonly<{
  fingerprint: string;
  name: string;
  kind: TargetKind;
  /** The data needed to repeat results: the target file with the model's revision; or Node, V8, CPU and flags; or the user's firmware string. */
  description: JsonObject;
  features: Features;
}>;

/** The identity of a study. A budget is not part of it. */
export type StudyIdentity = Readonly<{
  kernelHash: string;
  targetFingerprint: string;
  spaceHash: string;
  /** What is sought: "time", "time,energyJ where energyJ<=2" (`tuner/objectives/objective.ts`). */
  objective: string;
  strategy: string;
  seed: number;
  /** Trials proposed at once, where that is part of the question; a stored study has it in its spec. */
  wave?: number;
}>;

/**
 * - open: a visit may ask for trials;
 * - paused, cancelled: by the user; done: its plan's budget is spent.
 * A new request for a study that is done or cancelled opens it again.
 */
export const STUDY_STATES = Object.freeze(['open', 'paused', 'done', 'cancelled'] as const);
export type StudyState = (typeof STUDY_STATES)[number];

/** `id` is `studyId(identity)`. Everything but `state` is fixed when the study is created. */
export type StudyRecord = StudyIdentity &
  Readonly<{
    id: string;
    /** The spec of the last request for it; null if it was imported or is measured by an external harness. */
    spec: JsonObject | null;
    space: SpaceDefinition;
    /** The choice of the target's compiler. */
    defaultConfiguration: Configuration;
    /** Version of the cross-study model or prior that it started with; null for none. */
    priorVersion: string | null;
    toolVersion: string;
    createdAt: number;
    state: StudyState;
  }>;

/** A study to open: its id follows from its identity. */
export type NewStudy = Omit<StudyRecord, 'id' | 'createdAt' | 'state'>;

/** The first limit reached ends the search. `trials` and `forMs` (working time in ms) count for one visit; `until` is in ms since 1970. */
export type Budget = Readonly<{
  trials?: number;
  forMs?: number;
  until?: number;
  stall?: Readonly<{ gain: number; trials: number }>;
}>;

/** The environment of a visit: host, Node, load, flags. */
export type Environment = Readonly<Record<string, string | number | boolean>>;

type VisitBase = Readonly<{
  id: number;
  studyId: string;
  budget: Budget;
  toolVersion: string;
  environment: Environment;
  startedAt: number;
  /** Settled trials of the study before the visit. */
  trialsAtStart: number;
  /** Working time, without interruptions. */
  activeMs: number;
}>;

/**
 * Work on a study with a budget. A visit that is still open when a store is opened was interrupted: it is
 * continued with the rest of its budget. After an ended visit, a new one begins.
 */
export type VisitRecord = VisitBase &
  (Readonly<{ state: 'open' }> | Readonly<{ state: 'ended'; stoppedBy: string; endedAt: number }>);

export type NewVisit = Readonly<{
  studyId: string;
  budget: Budget;
  toolVersion: string;
  environment: Environment;
}>;

/** A study's findings at the end of a visit, from which `best` and `ladder` answer at once. */
export type StoredFindings = Readonly<{
  studyId: string;
  /** The id of the final comparison; null if nothing could be compared. */
  comparisonId: number | null;
  /** The configuration to use and its time; null if nothing could be timed. */
  recommended: Readonly<{ configuration: Configuration; timeUs: number }> | null;
  /** The tuner's document: ladders, gains, warnings. Null where an earlier version wrote it in another form. */
  document: JsonObject | null;
  foundAt: number;
}>;

/** The configuration to use, from results under this fingerprint only. */
export type StoredBest = Readonly<{
  studyId: string;
  kernel: KernelTitle;
  target: TargetTitle;
  configuration: Configuration;
  timeUs: number;
  /** 'comparison': recommended by the study's final comparison. 'trial': the fastest trial so far, not compared yet. */
  basis: 'comparison' | 'trial';
  /** What its study sought, as `objectiveText` writes it. */
  objective: string;
  measuredAt: number;
  toolVersion: string;
}>;

/** A learned cost model; `blob` is its serialized form. */
export type ModelRecord = Readonly<{
  version: string;
  kind: string;
  metrics: JsonObject;
  createdAt: number;
  blob: Uint8Array;
}>;

/** A study of a plan. */
export type PlannedStudy = Readonly<{
  studyId: string;
  /** The planner's document, from which the study can be recreated. */
  task: JsonObject;
  state: 'waiting' | 'begun' | 'ended';
  /** Why it ended. */
  stoppedBy: string | null;
}>;

/** A plan as it was submitted. It ends when all its studies have. */
export type PlanRecord = Readonly<{
  id: string;
  document: JsonObject;
  submittedAt: number;
  /** Working time, without the time that the daemon was off or the machine slept. */
  activeMs: number;
  /** Null while it is active. */
  endedAt: number | null;
  studies: readonly PlannedStudy[];
}>;

/** A plan to store, with its studies in order; each is stored already and is listed once. */
export type NewPlan = Readonly<{
  id: string;
  document: JsonObject;
  studies: readonly Readonly<{ studyId: string; task: JsonObject }>[];
}>;
