import { Worker } from 'node:worker_threads';
import type { ConstructionProgress } from '../../search-space/construction.ts';
import {
  type BuildSpace,
  type Members,
  membersOf,
  restrictedDefinition,
  spaceOf,
} from '../../search-space/define-space.ts';
import type { Restriction } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { TooHard } from '../../search-space/too-hard.ts';
import type { Restrict } from '../../tuner/attribution/restrict.ts';
import { type CountedStudy, countSubspaces } from '../ask/count-subspaces.ts';
import type { ResolvedStudy } from '../ask/resolve-study.ts';
import { describeConstruction } from '../report/terminal/construction.ts';
import { errorFrom } from '../text/sent-error.ts';
import type { Flags } from './flags.ts';
import { Interrupted } from './interrupted.ts';
import type { GlobalOption } from './options/global.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import type { Session } from './session.ts';
import type { SpaceMessage, SpaceTask } from './space-worker.ts';

/** What takes fewer steps is done in this thread: that takes less time than starting another. */
const AT_ONCE = 500_000;

/**
 * Counts spaces for a command. What is small is counted in this thread; anything else in a thread of its own, with
 * progress on stderr, which Ctrl-C ends. Every method throws InputError for what is too hard, and Interrupted.
 */
export class Spaces {
  readonly #session: Session;
  readonly #line: ProgressLine;
  /** Studies of one device at several shapes have one space, and restrict it alike. */
  readonly #restricted = new WeakMap<SearchSpace, Map<string, Promise<SearchSpace | null>>>();

  constructor(flags: Flags<GlobalOption>, session: Session) {
    this.#session = session;
    this.#line = progressLine(session, flags.isOn('quiet'));
  }

  /** As `defineSpace`. */
  readonly define: BuildSpace = async (definition) => {
    const here = (): SearchSpace => spaceOf(definition, membersOf(definition, { mostSteps: AT_ONCE }));
    const built = ifEasy(here);
    if (built !== undefined) return built;
    const { parameters, constraints } = definition;
    const members = await this.#apart({ kind: 'define', definition: { parameters, constraints } }, 0);
    if (members === undefined) throw new Error('a definition without members was not refused');
    return spaceOf(definition, members);
  };

  /** As the space's own `restrict`. */
  readonly restrict: Restrict = (space, restriction) => this.#restrict(space, restriction, 0);

  /** The studies, ready to be visited. */
  async count(studies: readonly ResolvedStudy[]): Promise<readonly CountedStudy[]> {
    const counted: CountedStudy[] = [];
    for (const resolved of studies) {
      let number = 0;
      const restrict: Restrict = (whole, restriction) => this.#restrict(whole, restriction, ++number);
      counted.push(await countSubspaces(resolved, restrict));
    }
    return counted;
  }

  #restrict(space: SearchSpace, restriction: Restriction, subspace: number): Promise<SearchSpace | null> {
    const known = this.#restricted.get(space) ?? new Map<string, Promise<SearchSpace | null>>();
    this.#restricted.set(space, known);
    const key = JSON.stringify(restriction);
    const left = known.get(key) ?? this.#left(space, restriction, subspace);
    known.set(key, left);
    return left;
  }

  async #left(space: SearchSpace, restriction: Restriction, subspace: number): Promise<SearchSpace | null> {
    const here = ifEasy(() => space.restrict(restriction, { mostSteps: AT_ONCE }));
    if (here !== undefined) return here;
    const definition = restrictedDefinition(space, restriction);
    const members = await this.#apart({ kind: 'restrict', definition }, subspace);
    return members === undefined ? null : spaceOf(definition, members);
  }

  /** Shows the progress that a thread tells of while it counts a space, until the work is done. */
  async watch<T>(
    work: (tell: (progress: ConstructionProgress) => void) => Promise<T>,
    subspace = 0,
  ): Promise<T> {
    try {
      return await work((progress) => this.#line.tell(describeConstruction(progress, subspace)));
    } finally {
      this.#line.end();
    }
  }

  #apart(task: SpaceTask, subspace: number): Promise<Members | undefined> {
    return this.watch((tell) => inThread(task, tell, this.#session.interruption()), subspace);
  }
}

/** Undefined where the work takes more steps than this thread should. */
function ifEasy<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof TooHard) return undefined;
    throw error;
  }
}

/** Does a task in a thread that the signal ends. */
async function inThread(
  task: SpaceTask,
  show: (progress: ConstructionProgress) => void,
  signal: AbortSignal,
): Promise<Members | undefined> {
  const worker = new Worker(new URL('./space-worker.js', import.meta.url), { workerData: task });
  let stop = (): void => {};
  try {
    return await new Promise((resolve, reject) => {
      stop = () => reject(new Interrupted('interrupted while the search space was counted'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: SpaceMessage) => {
        if (message.kind === 'progress') show(message.progress);
        else if (message.kind === 'refused') reject(errorFrom(message.refusal));
        else resolve(message.members);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`counting the search space ended with code ${code}`)));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
