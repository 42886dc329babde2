import { Worker } from 'node:worker_threads';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { Environment } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import type { Batch, Settled, VisitStore } from '../../store/visit-store.ts';
import type { Listener, StudyEvent } from '../../tuner/events.ts';
import { frozenPrior } from '../../tuner/priors/prior.ts';
import {
  type Order,
  PAGE,
  type Question,
  type SliceEnd,
  type StoreCall,
  type Thought,
  type Word,
} from './messages.ts';
import type { VisitOrder } from './slice.ts';

/** A slice of a study to make: of about `sliceMs`, or one that only concludes. */
export type SliceOrder = Pick<VisitOrder, 'task' | 'sliceMs' | 'conclude'>;

/** What makes slices: a worker thread. */
export interface SliceMaker {
  /** Ends early where the signal asks to yield. Rejects with the store's own error, or the thread's. */
  slice(order: SliceOrder, signal: AbortSignal): Promise<SliceEnd>;
}

/** What slices ask of the store, and what their priors are made from. */
type SliceSource = CatalogStore & StudyStore & VisitStore & ModelStore;

type Awaited = Readonly<{ resolve(thought: Thought): void; reject(error: Error): void }>;
type Slice = Readonly<{ resolve(end: SliceEnd): void; reject(error: Error): void }>;

/**
 * A worker thread that makes slices of visits, seen from the thread that owns the store.
 * A thread that dies takes its slice with it, not the daemon: the next slice gets a new one.
 */
export class StudyThread implements SliceMaker {
  readonly #store: SliceSource;
  readonly #listen: Listener;
  readonly #surroundings: Readonly<{ toolVersion: string; environment: Environment }>;
  #worker: Worker | undefined;
  #slice: Slice | undefined;
  /** What the slice settled last. */
  #settled: readonly SettledTrial[] = [];
  #questions = 0;
  readonly #thoughts = new Map<number, Awaited>();
  /** What the store threw during the slice: the worker only hears of it. */
  #storeError: Error | undefined;

  constructor(
    store: SliceSource,
    listen: Listener,
    surroundings: Readonly<{ toolVersion: string; environment: Environment }>,
  ) {
    this.#store = store;
    this.#listen = listen;
    this.#surroundings = surroundings;
  }

  slice(order: SliceOrder, signal: AbortSignal): Promise<SliceEnd> {
    const worker = this.#worker ?? this.#start();
    const stop = (): void => worker.postMessage({ kind: 'yield' } satisfies Order);
    signal.addEventListener('abort', stop, { once: true });
    return new Promise<SliceEnd>((resolve, reject) => {
      this.#slice = { resolve, reject };
      worker.postMessage({ kind: 'visit', ...order, ...this.#surroundings } satisfies Order);
      if (signal.aborted) stop();
    }).finally(() => {
      signal.removeEventListener('abort', stop);
      this.#slice = undefined;
      this.#storeError = undefined;
    });
  }

  /** Thinks about a study that somebody else measures. Rejects where the thread is lost. */
  think(question: Question): Promise<Thought> {
    const worker = this.#worker ?? this.#start();
    const number = this.#questions++;
    return new Promise((resolve, reject) => {
      this.#thoughts.set(number, { resolve, reject });
      worker.postMessage({ kind: 'question', number, question } satisfies Order);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./study-worker.js', import.meta.url));
    worker.on('message', (word: Word) => this.#hear(worker, word));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => {
      this.#worker = undefined;
      this.#fail(new Error(`a study's thread ended with code ${code}`));
    });
    this.#worker = worker;
    return worker;
  }

  #hear(worker: Worker, word: Word): void {
    if (word.kind === 'event') this.#listen(this.#whole(word.event));
    else if (word.kind === 'sliced') this.#slice?.resolve(word.end);
    else if (word.kind === 'failed') this.#slice?.reject(this.#storeError ?? new Error(word.message));
    else if (word.kind === 'thought' || word.kind === 'thoughtless') this.#thought(word);
    else void this.#answer(worker, word);
  }

  /** With the trials that did not cross the port. */
  #whole(event: StudyEvent): StudyEvent {
    return event.kind === 'settled' ? { ...event, trials: this.#settled } : event;
  }

  #thought(word: Extract<Word, { kind: 'thought' | 'thoughtless' }>): void {
    const asked = this.#thoughts.get(word.number);
    this.#thoughts.delete(word.number);
    if (word.kind === 'thought') asked?.resolve(word.thought);
    else asked?.reject(new Error(word.message));
  }

  #fail(error: Error): void {
    this.#slice?.reject(error);
    for (const { reject } of this.#thoughts.values()) reject(error);
    this.#thoughts.clear();
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
      worker.postMessage({ kind: 'answer', call, value } satisfies Order);
    } catch (error) {
      this.#storeError = error instanceof Error ? error : new Error(String(error));
      worker.postMessage({ kind: 'refusal', call, message: this.#storeError.message } satisfies Order);
    }
  }
}

function callStore(store: SliceSource, asked: Exclude<StoreCall, { method: 'settle' }>): Promise<unknown> {
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
    case 'saveComparison':
      return store.saveComparison(...asked.arguments);
    case 'frozenPrior':
      return frozenPrior(store, ...asked.arguments);
    case 'saveFindings':
      return store.saveFindings(...asked.arguments);
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
