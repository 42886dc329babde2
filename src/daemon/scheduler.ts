import PQueue from 'p-queue';
import { targetKinds } from '../../store/target-kinds.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { PlannedVerification } from '../ask/planned-studies.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import type { EndReason, SliceEnd, StudyTask } from './messages.ts';
import { afterSlice, claim, NO_YIELD, type Yield } from './share.ts';
import type { FleetWorker, SliceCommand, StudyWorker } from './study-thread.ts';

/** A study to visit until its budget is spent. */
export type Assignment = Readonly<{
  task: StudyTask;
  /** Higher goes first, whatever the claims. */
  priority: number;
  /** The best time so far, microseconds; infinite before the first. */
  bestUs: number;
  /** What is asked of what it found, once its budget is spent. */
  verify?: PlannedVerification;
}>;

/** Called when an assignment has ended or failed, with the error of the store or of the thread. */
export type Outcomes = Readonly<{
  ended(assignment: Assignment, stoppedBy: string): void;
  failed(assignment: Assignment, error: Error): void;
}>;

type Work = {
  readonly assignment: Assignment;
  yield: Yield;
  bestUs: number;
  /** How long it has been verified. Milliseconds. */
  verifiedMs: number;
  isHeld: boolean;
  isQueued: boolean;
  /** Why to conclude it in its next slice; undefined if it goes on. */
  concludeAs: EndReason | undefined;
  /** The slice that is running. */
  slice: AbortController | undefined;
  /** The running slice was started while no other study waited. */
  isLong: boolean;
  /** Called when the running slice has ended. */
  readonly waiters: (() => void)[];
};

const SLICE_MS = 2000;
/** The first slices are short, so that every study soon has results; each is twice as long as the last. */
const FIRST_SLICE_MS = 200;
/** While no other study waits a slice may be long: a study that arrives cuts it short. */
const LONG_SLICE_MS = 60_000;
/** More than the largest claim: a priority outweighs any. */
const PRIORITY_WEIGHT = 1e3;

/**
 * Shares the machine among studies, slice by slice. Simulator studies run in parallel, one a thread; a
 * study on a real backend runs alone, while every simulator study waits.
 */
export class Scheduler {
  readonly #queue: PQueue;
  readonly #alone = new PQueue({ concurrency: 1 });
  readonly #away: PQueue;
  readonly #threads: readonly StudyWorker[];
  readonly #idle: StudyWorker[];
  readonly #awayThreads: readonly FleetWorker[];
  readonly #awayIdle: StudyWorker[];
  readonly #works = new Map<string, Work>();
  readonly #outcomes: Outcomes;
  #slices = 0;
  #opened = 0;
  #stopping = false;

  /** `awayThreads` wait for devices of the fleet; without any, there is none. */
  constructor(threads: readonly StudyWorker[], outcomes: Outcomes, awayThreads: readonly FleetWorker[] = []) {
    this.#threads = threads;
    this.#idle = [...threads];
    this.#awayThreads = awayThreads;
    this.#awayIdle = [...awayThreads];
    this.#away = new PQueue({ concurrency: Math.max(1, awayThreads.length) });
    this.#queue = new PQueue({ concurrency: threads.length });
    this.#outcomes = outcomes;
  }

  get active(): number {
    return this.#works.size;
  }

  has(studyId: string): boolean {
    return this.#works.has(studyId);
  }

  /** The studies that a spec stands for. */
  async spread(spec: StudySpec): Promise<readonly StudySpec[]> {
    const [thread] = this.#isAway(spec) ? this.#awayThreads : [];
    return thread === undefined ? [spec] : thread.spread(spec);
  }

  /** Opens a study on one of the threads, which visits it if it is free then: no other has its space. */
  open(...asked: Parameters<StudyWorker['open']>): ReturnType<StudyWorker['open']> {
    return this.#threadFor(asked[0]).open(...asked);
  }

  #threadFor(spec: StudySpec): StudyWorker {
    const [idle, all] = this.#isAway(spec)
      ? [this.#awayIdle, this.#awayThreads]
      : [this.#idle, this.#threads];
    const free = idle.length > 0 ? idle : all;
    const thread = free[this.#opened++ % free.length];
    if (thread === undefined) throw new Error('no thread to open a study on');
    return thread;
  }

  /** Adds a study unless it is assigned already. A held one waits for `release`. */
  assign(assignment: Assignment, isHeld = false): void {
    const { studyId } = assignment.task;
    if (this.#works.has(studyId) || this.#stopping) return;
    const work: Work = {
      assignment,
      yield: NO_YIELD,
      bestUs: assignment.bestUs,
      verifiedMs: 0,
      isHeld,
      isQueued: false,
      concludeAs: undefined,
      slice: undefined,
      isLong: false,
      waiters: [],
    };
    this.#works.set(studyId, work);
    this.#admit(work);
  }

  /** Gives a study no more slices until `release`. False for a study that is not assigned. */
  hold(studyId: string): boolean {
    const work = this.#works.get(studyId);
    if (work === undefined) return false;
    work.isHeld = true;
    work.slice?.abort();
    return true;
  }

  release(studyId: string): boolean {
    const work = this.#works.get(studyId);
    if (work === undefined) return false;
    work.isHeld = false;
    this.#admit(work);
    return true;
  }

  /** Ends a study after one last slice, which compares its finalists; `as` is why it ended. */
  conclude(studyId: string, as: EndReason): boolean {
    const work = this.#works.get(studyId);
    if (work === undefined) return false;
    work.concludeAs ??= as;
    work.slice?.abort();
    return this.release(studyId);
  }

  /** Removes a study, and waits until its slice has ended; settled trials stay. */
  async drop(studyId: string): Promise<boolean> {
    const work = this.#works.get(studyId);
    if (work === undefined) return false;
    this.#works.delete(studyId);
    work.slice?.abort();
    if (work.slice !== undefined) await new Promise<void>((resolve) => work.waiters.push(resolve));
    return true;
  }

  observe(event: StudyEvent): void {
    const work = this.#works.get(event.studyId);
    if (work !== undefined && event.kind === 'verifying') work.verifiedMs += event.spentMs;
    if (work !== undefined && event.kind === 'improved' && event.trial.state === 'timed') {
      work.bestUs = Math.min(work.bestUs, event.trial.timeUs);
    }
  }

  /** Lets every slice settle the trials it is timing, and waits for that. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#queue.clear();
    this.#alone.clear();
    this.#away.clear();
    for (const { slice } of this.#works.values()) slice?.abort();
    this.#queue.start();
    await Promise.all([this.#queue.onIdle(), this.#alone.onIdle(), this.#away.onIdle()]);
  }

  /** Studies of the fleet wait for devices, not for this machine. */
  #isAway({ target }: StudySpec): boolean {
    return target.kind === 'device' && this.#awayThreads.length > 0;
  }

  #cutShort(): void {
    for (const { slice, assignment } of this.#works.values())
      if (!this.#isAway(assignment.task.spec)) slice?.abort();
  }

  /** Queues a study. If no thread is free, slices that are longer than usual are cut short. */
  #admit(work: Work): void {
    const isNew = !work.isHeld && !work.isQueued && work.slice === undefined;
    if (isNew && (this.#idle.length === 0 || this.#queue.isPaused)) this.#cutShort();
    this.#enqueue(work);
  }

  #enqueue(work: Work): void {
    if (this.#stopping || work.isHeld || work.isQueued || work.slice !== undefined) return;
    const { priority, task } = work.assignment;
    const options = { priority: priority * PRIORITY_WEIGHT + claim(work.yield, this.#slices) };
    work.isQueued = true;
    if (this.#isAway(task.spec)) {
      void this.#away.add(() => this.#sliceOf(work), options);
    } else if (targetKinds[task.kind].runsAlone) {
      void this.#alone.add(() => this.#sliceAlone(work), options);
    } else {
      void this.#queue.add(() => this.#sliceOf(work), options);
    }
  }

  /**
   * Waits until nothing else runs, so that the measurement is not disturbed. Long slices are cut short;
   * usual ones end soon by themselves, and a study that takes long to start must not be cut each time.
   */
  async #sliceAlone(work: Work): Promise<void> {
    this.#queue.pause();
    for (const other of this.#works.values())
      if (other.isLong && !this.#isAway(other.assignment.task.spec)) other.slice?.abort();
    await this.#queue.onPendingZero();
    await this.#sliceOf(work);
    if (this.#alone.size === 0) this.#queue.start();
    else this.#takeTurns();
  }

  /** Gives simulator studies as much time as the real backend had, then lets that continue. */
  #takeTurns(): void {
    this.#alone.pause();
    this.#queue.start();
    setTimeout(() => this.#alone.start(), this.#queue.size > 0 ? SLICE_MS : 0);
  }

  async #sliceOf(work: Work): Promise<void> {
    const { task } = work.assignment;
    work.isQueued = false;
    if (work.isHeld || this.#works.get(task.studyId) !== work || this.#stopping) return;
    const idle = this.#isAway(task.spec) ? this.#awayIdle : this.#idle;
    const thread = takeThread(idle, task.studyId);
    const slice = new AbortController();
    work.slice = slice;
    work.isLong = this.#isAway(task.spec) || this.#queue.size + this.#alone.size === 0;
    const beforeUs = work.bestUs;
    let end: SliceEnd | Error;
    try {
      end = await thread.workOn(this.#commandOf(work), slice.signal);
    } catch (error) {
      end = error instanceof Error ? error : new Error(String(error));
    }
    idle.push(thread);
    work.slice = undefined;
    const wasCut = slice.signal.aborted && !Number.isFinite(work.bestUs);
    if (!wasCut) work.yield = afterSlice(work.yield, beforeUs, work.bestUs);
    this.#slices++;
    this.#sliced(work, end);
    for (const tell of work.waiters.splice(0)) tell();
  }

  #commandOf({ assignment, verifiedMs, concludeAs, isLong, yield: { slices } }: Work): SliceCommand {
    const { verifying, ...task } = assignment.task;
    return {
      task: verifying === undefined ? task : { ...task, verifying: { ...verifying, spentMs: verifiedMs } },
      sliceMs: isLong ? LONG_SLICE_MS : Math.min(SLICE_MS, FIRST_SLICE_MS * 2 ** slices),
      conclude: concludeAs !== undefined,
    };
  }

  #sliced(work: Work, end: SliceEnd | Error): void {
    const { studyId } = work.assignment.task;
    if (this.#works.get(studyId) !== work) return;
    if (end === 'interrupted') {
      this.#enqueue(work);
      return;
    }
    this.#works.delete(studyId);
    if (end instanceof Error) this.#outcomes.failed(work.assignment, end);
    else this.#outcomes.ended(work.assignment, endOf(work, end));
  }
}

function takeThread(idle: StudyWorker[], studyId: string): StudyWorker {
  const its = idle.findIndex((thread) => thread.has(studyId));
  const [thread] = idle.splice(its, 1);
  if (thread === undefined) throw new Error('more slices than threads');
  return thread;
}

function endOf({ assignment, concludeAs }: Work, end: SliceEnd): string {
  if (end === 'verified') return assignment.task.verifying?.stoppedBy ?? 'stopped';
  return end === 'concluded' ? (concludeAs ?? 'stopped') : end;
}
