import type { FastifyInstance } from 'fastify';
import { AskTell } from '../../src/daemon/ask-tell.ts';
import { Daemon } from '../../src/daemon/daemon.ts';
import { ResolvedStudies } from '../../src/daemon/resolved-studies.ts';
import { studyQuestions } from '../../src/daemon/study-questions.ts';
import type { StudyWorker } from '../../src/daemon/study-thread.ts';
import { Submissions } from '../../src/daemon/submissions.ts';
import { httpServer } from '../../src/http/server.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { frozenPrior } from '../../tuner/priors/prior.ts';

/** A thread that never works on its slices: only the daemon's answers are tested. */
const idle: Pick<StudyWorker, 'has' | 'workOn'> = {
  has: () => true,
  workOn: (_, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve('interrupted');
      else signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
    }),
};

export type FuzzedDaemon = Readonly<{ server: FastifyInstance; troubles: string[]; close(): Promise<void> }>;

/** Starts the daemon and its HTTP API in this process, on a store in memory. `troubles` are its logged errors. */
export async function startFuzzedDaemon(): Promise<FuzzedDaemon> {
  const store = await openStore(IN_MEMORY, { mode: 'write', clock: systemClock, writer: { role: 'fuzz' } });
  const studies = new ResolvedStudies({ ...store, frozenPrior: (id: string) => frozenPrior(store, id) });
  const questions = studyQuestions(store, studies);
  const troubles: string[] = [];
  const log = {
    info: () => {},
    warn: () => {},
    error: (facts: object) => void troubles.push(JSON.stringify(facts)),
  };
  const surroundings = { store, clock: systemClock, toolVersion: 'fuzz', questions };
  const daemon = await Daemon.start({
    ...surroundings,
    log,
    threads: () => [{ ...idle, open: questions.open }],
    finished: () => {},
    lost: (error) => troubles.push(error.message),
  });
  const asks = new AskTell({
    ...surroundings,
    builder: questions,
    environment: {},
    listen: (event) => daemon.hear(event),
  });
  let elapsed = 0;
  // Each request comes a second after the last, so that none exceeds the rate limit.
  const clock = { now: systemClock.now, elapsed: () => (elapsed += 1000) };
  const server = httpServer({
    address: { kind: 'tcp', host: '127.0.0.1', port: 7070 },
    token: undefined,
    desk: {
      daemon,
      asks,
      submissions: new Submissions(daemon),
      questions,
      clock,
      devices: undefined,
      toolVersion: 'fuzz',
    },
    log,
  });
  const close = async (): Promise<void> => {
    await server.close();
    await daemon.close();
    await store.close();
  };
  return { server, troubles, close };
}
