import type { Configuration } from '../search-space/parameter.ts';
import type { SpaceDefinition } from '../search-space/space-definition.ts';

/** Anything that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | Readonly<{ [key: string]: Json }>;
export type JsonObject = Readonly<{ [key: string]: Json }>;

/** Named numbers that cost models learn from. */
export type Features = Readonly<Record<string, number>>;

/** A computation with a concrete shape and dtype. `ir` is JSON text; null where only the user's device can run it. */
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

/** A kernel that a user brought, under the name it answers to; `calls` where a model's wrapper says how often it runs. */
export type ImportedKernel = Readonly<{ kernel: KernelRecord; calls: number | null; importedAt: number }>;

export const TARGET_KINDS = Object.freeze([
  'simulator',
  'wasm',
  'wasm-modelled',
  'device',
  'replay',
] as const);
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What results were made on. Another fingerprint is another target, whatever its name. */
export type TargetRecord = Readonly<{
  fingerprint: string;
  name: string;
  kind: TargetKind;
  /** What a person or a repetition needs: the target file with the model's revision; or Node, V8, CPU and flags; or the user's firmware string. */
  description: JsonObject;
  features: Features;
}>;

export type Objective = 'time';

/** What makes a study this study and no other; a budget is no part of it. */
export type StudyIdentity = Readonly<{
  kernelHash: string;
  targetFingerprint: string;
  spaceHash: string;
  objective: Objective;
  strategy: string;
  seed: number;
}>;

/**
 * - open: a visit may ask for trials;
 * - paused, cancelled: a person said so; done: what its plan asked for is reached.
 * A study that is done or cancelled becomes open again when somebody asks for it again.
 */
export const STUDY_STATES = Object.freeze(['open', 'paused', 'done', 'cancelled'] as const);
export type StudyState = (typeof STUDY_STATES)[number];

/** `id` is `studyId(identity)`. Everything but `state` is fixed when the study is created. */
export type StudyRecord = StudyIdentity &
  Readonly<{
    id: string;
    space: SpaceDefinition;
    /** What the target's compiler would choose today. */
    defaultConfiguration: Configuration;
    /** Version of the cross-study model or prior that it started with; null for none. */
    priorVersion: string | null;
    toolVersion: string;
    createdAt: number;
    state: StudyState;
  }>;

/** A study to open: its id follows from its identity. */
export type NewStudy = Omit<StudyRecord, 'id' | 'createdAt' | 'state'>;

/** First reached wins. `trials` and `forMs` count this visit's; `until` is in ms since 1970. */
export type Budget = Readonly<{
  trials?: number;
  forMs?: number;
  until?: number;
  stall?: Readonly<{ gain: number; trials: number }>;
}>;

/** What the surroundings of a visit were: host, Node, load, flags. */
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
  /** How long somebody worked on it, without the time it lay interrupted. */
  activeMs: number;
}>;

/**
 * A budgeted visit to a study. One that is still open when a store is opened was interrupted: it is
 * taken up with what remains of its budget. After an ended one, a new visit begins.
 */
export type VisitRecord = VisitBase &
  (Readonly<{ state: 'open' }> | Readonly<{ state: 'ended'; stoppedBy: string; endedAt: number }>);

export type NewVisit = Readonly<{
  studyId: string;
  budget: Budget;
  toolVersion: string;
  environment: Environment;
}>;

/** What a study found when a visit ended, so that `best` and `ladder` answer at once. */
export type StoredFindings = Readonly<{
  studyId: string;
  /** The final comparison, by id; null where nothing could be compared. */
  comparisonId: number | null;
  /** The configuration to use and its time; null where nothing worked. */
  recommended: Readonly<{ configuration: Configuration; timeUs: number }> | null;
  /** Ladders, gains, warnings: the tuner's document, whole. */
  document: JsonObject;
  foundAt: number;
}>;

/** The answer to "what shall I use" from what was measured: never from another fingerprint. */
export type StoredBest = Readonly<{
  studyId: string;
  kernel: Readonly<{ hash: string; name: string; shape: string; dtype: string }>;
  target: Readonly<{ fingerprint: string; name: string; kind: TargetKind }>;
  configuration: Configuration;
  timeUs: number;
  /** 'comparison': recommended by the study's final comparison. 'trial': the fastest trial so far, which may be luck. */
  basis: 'comparison' | 'trial';
  measuredAt: number;
  toolVersion: string;
}>;

/** A learned cost model, as its maker wrote it. */
export type ModelRecord = Readonly<{
  version: string;
  kind: string;
  metrics: JsonObject;
  createdAt: number;
  blob: Uint8Array;
}>;

/** A study of a plan, in its place. */
export type PlannedStudy = Readonly<{
  studyId: string;
  /** What is needed to make the same study again: the planner's document, whole. */
  task: JsonObject;
  state: 'waiting' | 'begun' | 'ended';
  /** Why it ended. */
  stoppedBy: string | null;
}>;

/** A night's work as it was submitted. It ends when all its studies have. */
export type PlanRecord = Readonly<{
  id: string;
  document: JsonObject;
  submittedAt: number;
  /** How long somebody worked on it, without the time it lay waiting. */
  activeMs: number;
  /** Null while it is active. */
  endedAt: number | null;
  studies: readonly PlannedStudy[];
}>;

/** A plan to keep, with its studies in order; each is in the store and stands here once. */
export type NewPlan = Readonly<{
  id: string;
  document: JsonObject;
  studies: readonly Readonly<{ studyId: string; task: JsonObject }>[];
}>;
