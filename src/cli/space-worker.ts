import { parentPort, workerData } from 'node:worker_threads';
import type { ConstructionProgress } from '../../search-space/construction.ts';
import { type Members, membersLeft, membersOf } from '../../search-space/define-space.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import { type SentError, sentError } from '../text/sent-error.ts';

/** Counts a space, which may be empty where it is what a restriction leaves. */
export type SpaceTask = Readonly<{ kind: 'define' | 'restrict'; definition: SpaceDefinition }>;

/** From the thread: its progress, and finally what it found or an error. */
export type SpaceMessage =
  | Readonly<{ kind: 'progress'; progress: ConstructionProgress }>
  | Readonly<{ kind: 'counted'; members: Members | undefined }>
  | Readonly<{ kind: 'refused'; refusal: SentError }>;

/** A thread that does one task, so that the main thread can handle Ctrl-C. */
function serve(port: NonNullable<typeof parentPort>, { kind, definition }: SpaceTask): void {
  const send = (message: SpaceMessage): void => port.postMessage(message);
  const options = { onProgress: (progress: ConstructionProgress) => send({ kind: 'progress', progress }) };
  try {
    const members = kind === 'define' ? membersOf(definition, options) : membersLeft(definition, options);
    send({ kind: 'counted', members });
  } catch (error) {
    send({ kind: 'refused', refusal: sentError(error) });
  }
}

if (parentPort !== null) serve(parentPort, workerData);
