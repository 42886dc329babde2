import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { PlanRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { type Clock, systemClock } from '../../tuner/clock.ts';
import { frozenPrior } from '../../tuner/priors/prior.ts';
import { yieldingStore } from '../ask/yielding-store.ts';
import { AskTell } from '../daemon/ask-tell.ts';
import { Daemon } from '../daemon/daemon.ts';
import { ResolvedStudies } from '../daemon/resolved-studies.ts';
import { makeSlice } from '../daemon/slice.ts';
import { studyQuestions } from '../daemon/study-questions.ts';
import type { StudyWorker } from '../daemon/study-thread.ts';
import { Submissions } from '../daemon/submissions.ts';
import type { Log } from '../daemon/world.ts';
import type { Desk } from './desk.ts';
import { httpServer } from './server.ts';

export const silentLog: Log = Object.freeze({ info: () => {}, warn: () => {}, error: () => {} });

const surroundings = { toolVersion: 'test', environment: {} };

export type Desktop = Readonly<{
  store: Store;
  daemon: Daemon;
  server: FastifyInstance;
  finished: readonly PlanRecord[];
  /** Sends a request as from this machine; returns the answer's status and JSON. */
  ask(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<Readonly<{ status: number; body: unknown }>>;
  /** Waits until no plan is active. */
  idle(): Promise<void>;
}>;

export type DesktopOptions = Readonly<{
  store?: Store;
  clock?: Clock;
  token?: string;
  devices?: Desk['devices'];
  /** Replaces the default, slices in this thread. */
  slices?: (store: Store) => Pick<StudyWorker, 'workOn'>;
}>;

/** A daemon and its HTTP API in this thread, on a store in memory. */
export async function desktop(options: DesktopOptions = {}): Promise<Desktop> {
  const { clock = systemClock } = options;
  const store =
    options.store ?? (await openStore(IN_MEMORY, { mode: 'write', clock, writer: { role: 'test' } }));
  const finished: PlanRecord[] = [];
  const studies = new ResolvedStudies(workerStore(store));
  const questions = studyQuestions(store, studies);
  const daemon = await Daemon.start({
    store,
    clock,
    log: silentLog,
    toolVersion: 'test',
    threads: (hear) => {
      const { workOn } = options.slices?.(store) ?? sliceMaker(store, studies, clock, hear);
      return [{ open: questions.open, has: () => true, workOn }];
    },
    finished: (plan) => finished.push(plan),
    lost: () => {},
  });
  const asks = new AskTell({
    store,
    clock,
    ...surroundings,
    questions,
    builder: questions,
    listen: (event) => daemon.hear(event),
  });
  const server = httpServer({
    address: { kind: 'tcp', host: '127.0.0.1', port: 7070 },
    token: options.token,
    desk: {
      daemon,
      asks,
      submissions: new Submissions(daemon),
      questions,
      devices: options.devices,
      clock,
      toolVersion: 'test',
    },
    log: silentLog,
  });
  onTestFinished(async () => {
    await server.close();
    await daemon.close();
    if (options.store === undefined) await store.close();
  });
  return {
    store,
    daemon,
    server,
    finished,
    ask: async (method, url, body) => {
      const headers = { host: '127.0.0.1:7070' };
      const answer = await server.inject({ method, url, headers, ...(body && { payload: body }) });
      return { status: answer.statusCode, body: answer.json() };
    },
    idle: async () => {
      while ((await store.plans({ active: true })).length > 0)
        await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
}

/** A worker's store, but in this thread and without a port. */
export function workerStore(store: Store) {
  return { ...store, frozenPrior: (studyId: string) => frozenPrior(store, studyId) };
}

function sliceMaker(
  store: Store,
  studies: ResolvedStudies,
  clock: Clock,
  listen: Parameters<typeof makeSlice>[2]['listen'],
): Pick<StudyWorker, 'workOn'> {
  return {
    workOn: async (command, signal) =>
      makeSlice({ ...command, ...surroundings }, await studies.ready(command.task), {
        store: { ...store, ...yieldingStore(store) },
        clock,
        signal,
        listen,
      }),
  };
}
