import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../tuner/clock.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { Order, Word } from './messages.ts';
import { remoteStore } from './remote-store.ts';
import { makeSlice, wakeStudies } from './slice.ts';
import { createThinker } from './thinker.ts';

/**
 * A worker thread: makes slices of visits, one at a time, and answers questions about studies that
 * others measure; with the store across the port.
 */
function serve(port: NonNullable<typeof parentPort>): void {
  const store = remoteStore(port);
  const wake = wakeStudies(store.frozenPrior);
  const think = createThinker(store);
  const say = (word: Word): void => port.postMessage(word);
  let slice = new AbortController();

  const answer = ({ number, question }: Extract<Order, { kind: 'question' }>): Promise<void> =>
    think(question)
      .then((thought) => say({ kind: 'thought', number, thought }))
      .catch((error: unknown) => say({ kind: 'thoughtless', number, message: messageOf(error) }));

  port.on('message', (order: Order) => {
    if (order.kind === 'yield') slice.abort();
    if (order.kind === 'question') return void answer(order);
    if (order.kind !== 'visit') return store.answer(order);
    slice = new AbortController();
    const listen = (event: StudyEvent): void => say({ kind: 'event', event: light(event) });
    makeSlice(order, wake, { store, clock: systemClock, signal: slice.signal, listen })
      .then((end) => say({ kind: 'sliced', end }))
      .catch((error: unknown) => say({ kind: 'failed', message: messageOf(error) }));
  });
}

/** Settled trials are known on the store's side of the port: they need not cross it again. */
function light(event: StudyEvent): StudyEvent {
  return event.kind === 'settled' ? { ...event, trials: [] } : event;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (parentPort !== null) serve(parentPort);
