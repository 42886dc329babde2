import { Worker } from 'node:worker_threads';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { Environment } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import type { VerificationStore } from '../../store/verification-store.ts';
import type { Batch, Settled, VisitStore } from '../../store/visit-store.ts';
import type { Listener, StudyEvent } from '../../tuner/events.ts';
import { frozenPrior } from '../../tuner/priors/prior.ts';
import { errorFrom } from '../text/sent-error.ts';
import { Latest } from './latest.ts';
import {
  type FleetAccess,
  type KeptStudy,
  PAGE,
  type SliceEnd,
  type StoreCall,
  type StudyQuestions,
  type WorkerCommand,
  type WorkerMessage,
  type WorkerQuestion,
} from './messages.ts';
import { MOST_RESOLVED } from './resolved-studies.ts';
import type { VisitCommand } from './slice.ts';

/** A slice of a study: about `sliceMs` long, or one that only concludes. */
export type SliceCommand = Pick<VisitCommand, 'task' | 'sliceMs' | 'conclude'>;

/** Opens studies and visits them: a worker thread, or a stand-in for it. */
export interface StudyWorker extends Pick<StudyQuestions, 'open'> {
  /** Whether it has this study's space: another worker would have to build it first. */
  has(studyId: string): boolean;
  /** Ends early when the signal aborts. Rejects with the error of the store or of the thread. */
  workOn(command: SliceCommand, signal: AbortSignal): Promise<SliceEnd>;
}

/** The same for studies of the fleet. */
export interface FleetWorker extends StudyWorker, Pick<StudyQuestions, 'spread'> {}

/** The stores that a worker's calls need, and from which priors are made. */
type WorkerSource = CatalogStore & StudyStore & VisitStore & FindingStore & ModelStore & VerificationStore;

type Asker = Readonly<{ resolve(answer: unknown): void; reject(error: Error): void }>;
type Slice = Readonly<{ resolve(end: SliceEnd): void; reject(error: Error): void }>;

/**
 * The handle of a worker thread, on the thread that owns the store. If the worker dies, its slice fails
 * and the next slice gets a new worker.
 */
export class StudyThread implements FleetWorker, StudyQuestions {
  readonly #store: WorkerSource;
  readonly #listen: Listener;
  readonly #surroundings: Readonly<{ toolVersion: string; environment: Environment }>;
  #worker: Worker | undefined;
  #slice: Slice | undefined;
  /** The trials that the slice settled last. */
  #settled: readonly SettledTrial[] = [];
  #questions = 0;
  readonly #resolved = new Latest<true>(MOST_RESOLVED);
  readonly #askers = new Map<number, Asker>();
  /** The store's error during the slice: only its message is sent to the worker. */
  #storeError: Error | undefined;

  readonly #fleet: FleetAccess | null;

  constructor(
    store: WorkerSource,
    listen: Listener,
    surroundings: Readonly<{ toolVersion: string; environment: Environment }>,
    fleet: FleetAccess | null = null,
  ) {
    this.#fleet = fleet;
    this.#store = store;
    this.#listen = listen;
    this.#surroundings = surroundings;
  }

  has(studyId: string): boolean {
    return this.#resolved.has(studyId);
  }

  workOn(command: SliceCommand, signal: AbortSignal): Promise<SliceEnd> {
    const worker = this.#worker ?? this.#start();
    this.#resolved.set(command.task.studyId, true);
    const stop = (): void => worker.postMessage({ kind: 'yield' } satisfies WorkerCommand);
    signal.addEventListener('abort', stop, { once: true });
    return new Promise<SliceEnd>((resolve, reject) => {
      this.#slice = { resolve, reject };
      worker.postMessage({ kind: 'visit', ...command, ...this.#surroundings } satisfies WorkerCommand);
      if (signal.aborted) stop();
    }).finally(() => {
      signal.removeEventListener('abort', stop);
      this.#slice = undefined;
      this.#storeError = undefined;
    });
  }

  spread(...asked: Parameters<StudyQuestions['spread']>): ReturnType<StudyQuestions['spread']> {
    return this.#ask({ method: 'spread', arguments: asked });
  }

  async open(...asked: Parameters<StudyQuestions['open']>): Promise<KeptStudy> {
    const kept = await this.#ask<KeptStudy>({ method: 'open', arguments: asked });
    this.#resolved.set(kept.studyId, true);
    return kept;
  }

  openExternal(
    ...asked: Parameters<StudyQuestions['openExternal']>
  ): ReturnType<StudyQuestions['openExternal']> {
    return this.#ask({ method: 'openExternal', arguments: asked });
  }

  prepare(...asked: Parameters<StudyQuestions['prepare']>): ReturnType<StudyQuestions['prepare']> {
    return this.#ask({ method: 'prepare', arguments: asked });
  }

  misfit(...asked: Parameters<StudyQuestions['misfit']>): ReturnType<StudyQuestions['misfit']> {
    return this.#ask({ method: 'misfit', arguments: asked });
  }

  best(...asked: Parameters<StudyQuestions['best']>): ReturnType<StudyQuestions['best']> {
    return this.#ask({ method: 'best', arguments: asked });
  }

  importance(...asked: Parameters<StudyQuestions['importance']>): ReturnType<StudyQuestions['importance']> {
    return this.#ask({ method: 'importance', arguments: asked });
  }

  why(...asked: Parameters<StudyQuestions['why']>): ReturnType<StudyQuestions['why']> {
    return this.#ask({ method: 'why', arguments: asked });
  }

  timelines(...asked: Parameters<StudyQuestions['timelines']>): ReturnType<StudyQuestions['timelines']> {
    return this.#ask({ method: 'timelines', arguments: asked });
  }

  whatIf(...asked: Parameters<StudyQuestions['whatIf']>): ReturnType<StudyQuestions['whatIf']> {
    return this.#ask({ method: 'whatIf', arguments: asked });
  }

  breakdowns(...asked: Parameters<StudyQuestions['breakdowns']>): ReturnType<StudyQuestions['breakdowns']> {
    return this.#ask({ method: 'breakdowns', arguments: asked });
  }

  kernelRecords(
    ...asked: Parameters<StudyQuestions['kernelRecords']>
  ): ReturnType<StudyQuestions['kernelRecords']> {
    return this.#ask({ method: 'kernelRecords', arguments: asked });
  }

  propose(...asked: Parameters<StudyQuestions['propose']>): ReturnType<StudyQuestions['propose']> {
    return this.#ask({ method: 'propose', arguments: asked });
  }

  predict(...asked: Parameters<StudyQuestions['predict']>): ReturnType<StudyQuestions['predict']> {
    return this.#ask({ method: 'predict', arguments: asked });
  }

  // The cast is safe: the other side calls this very method and sends what it returns.
  #ask<T>(question: WorkerQuestion): Promise<T> {
    const worker = this.#worker ?? this.#start();
    const number = this.#questions++;
    return new Promise((resolve, reject) => {
      this.#askers.set(number, { resolve: (answer) => resolve(answer as T), reject });
      worker.postMessage({ kind: 'question', number, question } satisfies WorkerCommand);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    this.#resolved.clear();
    const worker = new Worker(new URL('./study-worker.js', import.meta.url), { workerData: this.#fleet });
    worker.on('message', (message: WorkerMessage) => this.#hear(worker, message));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => {
      this.#worker = undefined;
      this.#fail(new Error(`a study's thread ended with code ${code}`));
    });
    this.#worker = worker;
    return worker;
  }

  #hear(worker: Worker, message: WorkerMessage): void {
    if (message.kind === 'event') this.#listen(this.#whole(message.event));
    else if (message.kind === 'sliced') this.#slice?.resolve(message.end);
    else if (message.kind === 'failed') this.#slice?.reject(this.#storeError ?? new Error(message.message));
    else if (message.kind === 'call') void this.#answer(worker, message);
    else this.#answered(message);
  }

  /** The event with its trials, which the worker does not send. */
  #whole(event: StudyEvent): StudyEvent {
    return event.kind === 'settled' ? { ...event, trials: this.#settled } : event;
  }

  #answered(message: Extract<WorkerMessage, { kind: 'answered' | 'refused' }>): void {
    const asker = this.#askers.get(message.number);
    this.#askers.delete(message.number);
    if (message.kind === 'answered') asker?.resolve(message.answer);
    else asker?.reject(this.#storeError ?? errorFrom(message.refusal));
    // A slice ends with its own error of the store.
    if (this.#slice === undefined) this.#storeError = undefined;
  }

  #fail(error: Error): void {
    this.#slice?.reject(error);
    for (const { reject } of this.#askers.values()) reject(error);
    this.#askers.clear();
  }

  async #settle(batch: Batch): Promise<Settled> {
    const settled = await this.#store.settle(batch);
    this.#settled = settled.settled;
    return settled;
  }

  async #answer(worker: Worker, asked: Readonly<{ call: number }> & StoreCall): Promise<void> {
    const { call } = asked;
    try {
      const value =
        asked.method === 'settle'
          ? await this.#settle(...asked.arguments)
          : await callStore(this.#store, asked);
      worker.postMessage({ kind: 'returned', call, value } satisfies WorkerCommand);
    } catch (error) {
      this.#storeError = error instanceof Error ? error : new Error(String(error));
      worker.postMessage({ kind: 'thrown', call, message: this.#storeError.message } satisfies WorkerCommand);
    }
  }
}

function callStore(store: WorkerSource, asked: Exclude<StoreCall, { method: 'settle' }>): Promise<unknown> {
  switch (asked.method) {
    case 'trialsPage':
      return trialsPage(store, ...asked.arguments);
    case 'abandonRunning':
      return store.abandonRunning(...asked.arguments);
    case 'interruptedVisit':
      return store.interruptedVisit(...asked.arguments);
    case 'startVisit':
      return store.startVisit(...asked.arguments);
    case 'endVisit':
      return store.endVisit(...asked.arguments);
    case 'markRunning':
      return store.markRunning(...asked.arguments);
    case 'frozenPrior':
      return frozenPrior(store, ...asked.arguments);
    case 'conclude':
      return store.conclude(...asked.arguments);
    case 'saveKernel':
      return store.saveKernel(...asked.arguments);
    case 'saveTarget':
      return store.saveTarget(...asked.arguments);
    case 'openStudy':
      return store.openStudy(...asked.arguments);
    case 'kernels':
      return store.kernels(...asked.arguments);
    case 'importedKernels':
      return store.importedKernels();
    case 'study':
      return store.study(...asked.arguments);
    case 'targets':
      return store.targets(...asked.arguments);
    case 'best':
      return store.best(...asked.arguments);
    case 'bests':
      return store.bests(...asked.arguments);
    case 'findings':
      return store.findings(...asked.arguments);
    case 'timed':
      return store.timed(...asked.arguments);
    case 'comparison':
      return store.comparison(...asked.arguments);
    case 'verifications':
      return store.verifications(...asked.arguments);
    case 'saveVerification':
      return store.saveVerification(...asked.arguments);
    case 'latestModel':
      return store.latestModel(...asked.arguments);
  }
}

async function trialsPage(store: TrialLog, studyId: string, from: number): Promise<readonly SettledTrial[]> {
  const page: SettledTrial[] = [];
  for await (const trial of store.trials(studyId, from)) {
    page.push(trial);
    if (page.length === PAGE) break;
  }
  return page;
}
