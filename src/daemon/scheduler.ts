import PQueue from 'p-queue';
import type { StopReason } from '../../tuner/budget.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { StudyTask } from './messages.ts';
import { afterSlice, claim, NO_YIELD, type Yield } from './share.ts';
import type { StudyThread } from './study-thread.ts';

/** What makes slices: a worker thread. */
export type SliceMaker = Pick<StudyThread, 'slice'>;

/** A study that shall be visited until its budget is spent. */
export type Assignment = Readonly<{
  task: StudyTask;
  /** Higher goes first, whatever there is to gain. */
  priority: number;
}>;

/** Told of what becomes of assignments; failures are the store's or the thread's own errors. */
export type Outcomes = Readonly<{
  ended(assignment: Assignment, stoppedBy: StopReason): void;
  failed(assignment: Assignment, error: Error): void;
}>;

type Work = {
  readonly assignment: Assignment;
  yield: Yield;
  bestUs: number;
  sliceStartUs: number;
  state: 'waiting' | 'running' | 'held';
  slice: AbortController;
};

const SLICE_MS = 2000;
/** A claim is a small number; a priority outweighs any. */
const PRIORITY_WEIGHT = 1e3;

/**
 * Shares the machine among studies, slice by slice: simulator studies side by side, one a thread; a
 * real backend alone, with every simulator study yielding until it has had its slice.
 */
export class Scheduler {
  readonly #queue: PQueue;
  readonly #alone = new PQueue({ concurrency: 1 });
  readonly #idle: SliceMaker[];
  readonly #works = new Map<string, Work>();
  readonly #outcomes: Outcomes;
  #slices = 0;
  #stopping = false;

  constructor(threads: readonly SliceMaker[], outcomes: Outcomes) {
    this.#idle = [...threads];
    this.#queue = new PQueue({ concurrency: threads.length });
    this.#outcomes = outcomes;
  }

  get active(): number {
    return this.#works.size;
  }

  /** A study that is assigned already is left as it is. */
  assign(assignment: Assignment): void {
    const { studyId } = assignment.task;
    if (this.#works.has(studyId) || this.#stopping) return;
    const work: Work = {
      assignment,
      yield: NO_YIELD,
      bestUs: Number.POSITIVE_INFINITY,
      sliceStartUs: Number.POSITIVE_INFINITY,
      state: 'waiting',
      slice: new AbortController(),
    };
    this.#works.set(studyId, work);
    this.#enqueue(work);
  }

  /** Keeps its place but gets no slices. False for a study that is not assigned. */
  hold(studyId: string): boolean {
    const work = this.#works.get(studyId);
    if (work === undefined) return false;
    work.state = 'held';
    work.slice.abort();
    return true;
  }

  release(studyId: string): boolean {
    const work = this.#works.get(studyId);
    if (work?.state !== 'held') return work !== undefined;
    work.state = 'waiting';
    this.#enqueue(work);
    return true;
  }

  /** Takes it off; what it has settled stays. */
  drop(studyId: string): boolean {
    const work = this.#works.get(studyId);
    work?.slice.abort();
    return this.#works.delete(studyId);
  }

  observe(event: StudyEvent): void {
    const work = this.#works.get(event.studyId);
    if (work !== undefined && event.kind === 'improved' && event.trial.state === 'timed') {
      work.bestUs = Math.min(work.bestUs, event.trial.timeUs);
    }
  }

  /** Lets every slice settle what it is timing, and waits for that. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#queue.clear();
    this.#alone.clear();
    for (const { slice } of this.#works.values()) slice.abort();
    this.#queue.start();
    await Promise.all([this.#queue.onIdle(), this.#alone.onIdle()]);
  }

  #enqueue(work: Work): void {
    if (this.#stopping) return;
    const { priority, task } = work.assignment;
    const options = { priority: priority * PRIORITY_WEIGHT + claim(work.yield, this.#slices) };
    if (task.target.kind === 'simulator' || task.target.kind === 'replay') {
      void this.#queue.add(() => this.#sliceOf(work), options);
    } else {
      void this.#alone.add(() => this.#sliceAlone(work), options);
    }
  }

  /** The machine is cleared first: a measurement must not be disturbed. */
  async #sliceAlone(work: Work): Promise<void> {
    this.#queue.pause();
    for (const other of this.#works.values()) if (other !== work) other.slice.abort();
    await this.#queue.onPendingZero();
    await this.#sliceOf(work);
    if (this.#alone.size === 0) this.#queue.start();
    else this.#takeTurns();
  }

  /** Simulator studies get as long as the real backend had, then it goes on. */
  #takeTurns(): void {
    this.#alone.pause();
    this.#queue.start();
    setTimeout(() => this.#alone.start(), this.#queue.size > 0 ? SLICE_MS : 0);
  }

  async #sliceOf(work: Work): Promise<void> {
    const { task } = work.assignment;
    if (work.state === 'held' || this.#works.get(task.studyId) !== work || this.#stopping) return;
    const thread = this.#idle.pop();
    if (thread === undefined) throw new Error('more slices than threads');
    work.state = 'running';
    work.slice = new AbortController();
    work.sliceStartUs = work.bestUs;
    try {
      this.#sliced(work, await thread.slice(task, SLICE_MS, work.slice.signal));
    } catch (error) {
      this.#works.delete(task.studyId);
      this.#outcomes.failed(work.assignment, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#idle.push(thread);
    }
  }

  #sliced(work: Work, stoppedBy: StopReason): void {
    const { studyId } = work.assignment.task;
    this.#slices++;
    work.yield = afterSlice(work.yield, work.sliceStartUs, work.bestUs);
    if (stoppedBy !== 'interrupted') {
      this.#works.delete(studyId);
      this.#outcomes.ended(work.assignment, stoppedBy);
    } else if (this.#works.get(studyId) === work && work.state === 'running') {
      work.state = 'waiting';
      this.#enqueue(work);
    }
  }
}
