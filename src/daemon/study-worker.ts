import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../tuner/clock.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { Owned } from '../fleet/resolve-on-fleet.ts';
import { sentError } from '../text/sent-error.ts';
import type { FleetAccess, WorkerCommand, WorkerMessage } from './messages.ts';
import { remoteStore } from './remote-store.ts';
import { ResolvedStudies } from './resolved-studies.ts';
import { makeSlice, type VisitCommand } from './slice.ts';
import { answerQuestion, studyQuestions } from './study-questions.ts';

/**
 * A worker thread: makes slices of visits, one at a time, and answers questions. Its calls of the store
 * go through the port.
 */
function serve(port: NonNullable<typeof parentPort>, fleet: Owned | undefined): void {
  const store = remoteStore(port);
  const studies = new ResolvedStudies(store, fleet);
  const questions = studyQuestions(store, studies);
  const send = (message: WorkerMessage): void => port.postMessage(message);
  let slice = new AbortController();

  const answer = ({ number, question }: Extract<WorkerCommand, { kind: 'question' }>): Promise<void> =>
    answerQuestion(questions, question)
      .then((answer) => send({ kind: 'answered', number, answer }))
      .catch((error: unknown) => send({ kind: 'refused', number, refusal: sentError(error) }));

  const visit = async (command: VisitCommand): Promise<void> => {
    const { signal } = slice;
    const listen = (event: StudyEvent): void => send({ kind: 'event', event: light(event) });
    const ready = await studies.ready(command.task);
    send({
      kind: 'sliced',
      end: await makeSlice(command, ready, { store, clock: systemClock, signal, listen }),
    });
  };

  port.on('message', (command: WorkerCommand) => {
    if (command.kind === 'yield') slice.abort();
    if (command.kind === 'question') return void answer(command);
    if (command.kind !== 'visit') return store.settleCall(command);
    slice = new AbortController();
    visit(command).catch((error: unknown) => send({ kind: 'failed', message: messageOf(error) }));
  });
}

/** Without the settled trials: the store's side of the port has them. */
function light(event: StudyEvent): StudyEvent {
  return event.kind === 'settled' ? { ...event, trials: [] } : event;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What it takes is loaded for a fleet only. */
async function fleetOf(access: FleetAccess | null): Promise<Owned | undefined> {
  if (access === null) return undefined;
  const [{ connect }, { Fleet }] = await Promise.all([
    import('../fleet/connection.ts'),
    import('../fleet/fleet.ts'),
  ]);
  return { fleet: new Fleet(connect(access.address), systemClock), owner: access.owner };
}

if (parentPort !== null) serve(parentPort, await fleetOf(workerData));
