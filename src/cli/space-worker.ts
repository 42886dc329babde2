import { parentPort, workerData } from 'node:worker_threads';
import type { ConstructionProgress } from '../../search-space/construction.ts';
import { membersOf } from '../../search-space/define-space.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import { type SentError, sentError } from '../text/sent-error.ts';

/** From the thread: how far it is, and then the members or why there are none. */
export type SpaceMessage =
  | Readonly<{ kind: 'progress'; progress: ConstructionProgress }>
  | Readonly<{ kind: 'built'; members: ReturnType<typeof membersOf> }>
  | Readonly<{ kind: 'refused'; refusal: SentError }>;

/** A thread that builds one space, so that Ctrl-C is heard meanwhile. */
function serve(port: NonNullable<typeof parentPort>, definition: SpaceDefinition): void {
  const send = (message: SpaceMessage): void => port.postMessage(message);
  try {
    const members = membersOf(definition, { onProgress: (progress) => send({ kind: 'progress', progress }) });
    send({ kind: 'built', members });
  } catch (error) {
    send({ kind: 'refused', refusal: sentError(error) });
  }
}

if (parentPort !== null) serve(parentPort, workerData);
