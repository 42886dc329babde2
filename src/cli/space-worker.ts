import { parentPort, workerData } from 'node:worker_threads';
import type { ConstructionProgress } from '../../search-space/construction.ts';
import { type KnownRestrictions, membersOf, spaceOf } from '../../search-space/define-space.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import { subspacesOf } from '../../tuner/attribution/subspaces.ts';
import { type SentError, sentError } from '../text/sent-error.ts';

/** The members of a space, and of the subspaces that a study searches. */
export type BuiltSpace = Readonly<{ members: ReturnType<typeof membersOf>; restrictions: KnownRestrictions }>;

/** From the thread: its progress in the whole space (0) or a subspace, and finally the members or an error. */
export type SpaceMessage =
  | Readonly<{ kind: 'progress'; progress: ConstructionProgress; subspace: number }>
  | Readonly<{ kind: 'built'; built: BuiltSpace }>
  | Readonly<{ kind: 'refused'; refusal: SentError }>;

/** A thread that builds one space and its subspaces, so that the main thread can handle Ctrl-C. */
function serve(port: NonNullable<typeof parentPort>, definition: SpaceDefinition): void {
  const send = (message: SpaceMessage): void => port.postMessage(message);
  const restrictions: KnownRestrictions = new Map();
  let isWhole = true;
  const onProgress = (progress: ConstructionProgress): void =>
    send({ kind: 'progress', progress, subspace: isWhole ? 0 : restrictions.size + 1 });
  try {
    const members = membersOf(definition, { onProgress });
    isWhole = false;
    subspacesOf(spaceOf(definition, members, { onProgress }, restrictions));
    send({ kind: 'built', built: { members, restrictions } });
  } catch (error) {
    send({ kind: 'refused', refusal: sentError(error) });
  }
}

if (parentPort !== null) serve(parentPort, workerData);
