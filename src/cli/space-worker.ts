import { parentPort, workerData } from 'node:worker_threads';
import { completeConfiguration } from '../../search-space/complete-configuration.ts';
import type { ConstructionOptions, ConstructionProgress } from '../../search-space/construction.ts';
import { defineSpace, type Members, membersLeft, membersOf } from '../../search-space/define-space.ts';
import type { Configuration, Value } from '../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import { type SentError, sentError } from '../text/sent-error.ts';

/** Counts a space, which may be empty where it is what a restriction leaves; or completes a configuration of one. */
export type SpaceTask =
  | Readonly<{ kind: 'define' | 'restrict'; definition: SpaceDefinition }>
  | Readonly<{
      kind: 'complete';
      definition: SpaceDefinition;
      preferred: Configuration;
      given: Readonly<Record<string, Value>>;
    }>;

/** From the thread: its progress, and finally what it found or an error. */
export type SpaceMessage =
  | Readonly<{ kind: 'progress'; progress: ConstructionProgress }>
  | Readonly<{ kind: 'counted'; members: Members | undefined }>
  | Readonly<{ kind: 'completed'; configuration: Configuration }>
  | Readonly<{ kind: 'refused'; refusal: SentError }>;

/** What the thread found. */
export type SpaceAnswer = Extract<SpaceMessage, { kind: 'counted' | 'completed' }>;

function answerTo(task: SpaceTask, options: ConstructionOptions): SpaceAnswer {
  const { definition } = task;
  if (task.kind !== 'complete') {
    const members =
      task.kind === 'define' ? membersOf(definition, options) : membersLeft(definition, options);
    return { kind: 'counted', members };
  }
  const space = defineSpace(definition.parameters, definition.constraints, options);
  return { kind: 'completed', configuration: completeConfiguration(space, task.preferred, task.given) };
}

/** A thread that does one task, so that the main thread can handle Ctrl-C. */
function serve(port: NonNullable<typeof parentPort>, task: SpaceTask): void {
  const send = (message: SpaceMessage): void => port.postMessage(message);
  try {
    send(answerTo(task, { onProgress: (progress) => send({ kind: 'progress', progress }) }));
  } catch (error) {
    send({ kind: 'refused', refusal: sentError(error) });
  }
}

if (parentPort !== null) serve(parentPort, workerData);
