import { Worker } from 'node:worker_threads';
import type { ConstructionProgress } from '../../search-space/construction.ts';
import { defineSpace, spaceOf } from '../../search-space/define-space.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import { TooHard } from '../../search-space/too-hard.ts';
import { describeConstruction } from '../report/terminal/construction.ts';
import { clip } from '../report/terminal/width.ts';
import { errorFrom } from '../text/sent-error.ts';
import type { Flags } from './flags.ts';
import { Interrupted } from './interrupted.ts';
import type { GlobalOption } from './options/global.ts';
import { paceOf } from './pace.ts';
import type { Session } from './session.ts';
import type { BuiltSpace, SpaceMessage } from './space-worker.ts';

/** Builds a space. Throws InputError as `defineSpace` does, and Interrupted after Ctrl-C. */
export type SpaceBuilder = (definition: SpaceDefinition) => Promise<SearchSpace>;

/** A space of fewer steps is built in this thread: that takes less time than starting another. */
const AT_ONCE = 500_000;
/** Milliseconds before progress is shown; most spaces are built by then. */
const PATIENCE = 1000;

/** Builds a small space in this thread, and any other in a new one, with progress on stderr. */
export function spaceBuilder(flags: Flags<GlobalOption>, session: Session): SpaceBuilder {
  return async (definition) => {
    try {
      return defineSpace(definition.parameters, definition.constraints, { mostSteps: AT_ONCE });
    } catch (error) {
      if (!(error instanceof TooHard)) throw error;
    }
    const show = flags.isOn('quiet') ? () => {} : progressLine(session);
    try {
      const { members, restrictions } = await buildApart(definition, show, session.interruption());
      return spaceOf(definition, members, {}, restrictions);
    } finally {
      if (session.err.isTerminal) session.sayOver('');
    }
  };
}

type Show = (progress: ConstructionProgress, subspace: number) => void;

/** The members of a space and its subspaces, computed in a thread that the signal ends. */
async function buildApart(definition: SpaceDefinition, show: Show, signal: AbortSignal): Promise<BuiltSpace> {
  const { parameters, constraints } = definition;
  const workerData: SpaceDefinition = { parameters, constraints };
  const worker = new Worker(new URL('./space-worker.js', import.meta.url), { workerData });
  let stop = (): void => {};
  try {
    return await new Promise((resolve, reject) => {
      stop = () => reject(new Interrupted('interrupted while the search space was counted'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: SpaceMessage) => {
        if (message.kind === 'progress') show(message.progress, message.subspace);
        else if (message.kind === 'built') resolve(message.built);
        else reject(errorFrom(message.refusal));
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`counting the search space ended with code ${code}`)));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** One line, redrawn, on a terminal; a plain line every two seconds when piped. */
function progressLine(session: Session): Show {
  const pace = paceOf(session, PATIENCE);
  const { isTerminal, columns } = session.err;
  return (progress, subspace) => {
    if (!pace.isDue()) return;
    const line = describeConstruction(progress, subspace);
    if (isTerminal) session.sayOver(clip(line, columns - 1));
    else session.say(`${line}\n`);
  };
}
