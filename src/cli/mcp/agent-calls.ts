import { InputError } from '../../../search-space/input-error.ts';
import type { Clock } from '../../../tuner/clock.ts';
import type { CommandEntry } from '../command.ts';
import type { Flags } from '../flags.ts';
import { deviceOptions } from '../options/device.ts';
import { describeError } from '../report-error.ts';
import { openSession, type Session, surfaceOf } from '../session.ts';
import type { AgentBudget } from './agent-budget.ts';
import { type AgentArguments, type LoadedTool, refusePaths } from './arguments.ts';

/** A command's JSON document, or the sentence that says why there is none. */
export type AgentAnswer =
  | Readonly<{ kind: 'document'; json: string }>
  | Readonly<{ kind: 'error'; sentence: string }>;

/** What one call has besides its arguments. */
export type CallSurroundings = Readonly<{ signal: AbortSignal; progress?: (line: string) => void }>;

/** The options that whoever started the server gave; local where they name a device that only this process runs. */
export type Served = Readonly<{ flags: Flags; isLocal: boolean }>;

/** What only the server itself reads of its options. */
const OWN = Object.freeze({ trials: undefined, for: undefined, total: undefined });

/** Takes the served device away. */
const NO_DEVICE = Object.freeze(
  Object.fromEntries(['target', '--', ...Object.keys(deviceOptions)].map((name) => [name, undefined])),
);

/** Answers agents by the commands that people use, so that both read the same numbers. */
export class AgentCalls {
  readonly #budget: AgentBudget;
  readonly #served: Served;
  readonly #entries: readonly CommandEntry[];
  readonly #env: Session['env'];
  readonly #clock: Clock;
  #measured: Promise<unknown> = Promise.resolve();

  constructor(
    budget: AgentBudget,
    served: Served,
    entries: readonly CommandEntry[],
    { env, clock }: Pick<Session, 'env' | 'clock'>,
  ) {
    this.#budget = budget;
    this.#served = served;
    this.#entries = entries;
    this.#env = env;
    this.#clock = clock;
  }

  /** One call that measures at a time. */
  answer(loaded: LoadedTool, given: AgentArguments, around: CallSurroundings): Promise<AgentAnswer> {
    if (loaded.tool.measures === undefined) return this.#run(loaded, given, around);
    const turn = this.#measured.then(() => this.#budget.charge(() => this.#run(loaded, given, around)));
    this.#measured = turn;
    return turn;
  }

  /** Never throws: an agent reads why. */
  async #run(
    loaded: LoadedTool,
    given: AgentArguments,
    { signal, progress }: CallSurroundings,
  ): Promise<AgentAnswer> {
    const printed: string[] = [];
    const surface = surfaceOf({}, this.#env);
    const session = openSession({
      toStdout: (text) => printed.push(text),
      toStderr: (text) => progress?.(text.trim()),
      out: surface,
      err: surface,
      env: this.#env,
      clock: this.#clock,
      startedMs: this.#clock.elapsed(),
      interruption: () => signal,
    });
    try {
      signal.throwIfAborted();
      const flags = this.#flagsOf(loaded, given).with({ format: 'json', quiet: progress === undefined });
      await loaded.command.act(flags, session, this.#entries);
      return { kind: 'document', json: printed.join('') };
    } catch (error) {
      // A check that fails has printed its document, which says so.
      if (printed.length > 0) return { kind: 'document', json: printed.join('') };
      return { kind: 'error', sentence: describeError(error, this.#env).join(' ') };
    }
  }

  #flagsOf({ tool }: LoadedTool, given: AgentArguments): Flags {
    refusePaths(given);
    const measures = tool.measures === true;
    const { flags, isLocal } = this.#served;
    const isServed = given.target === undefined && (isLocal ? measures : tool.allowed.includes('target'));
    if (isServed && isLocal && given.kernel !== undefined)
      throw new InputError(
        'kernel',
        'the device that is served has its own',
        'leave it out, or name a target',
      );
    return flags.with({
      ...OWN,
      ...(!isServed && NO_DEVICE),
      ...given,
      ...(measures && this.#budget.grant(given, tool.allowed.includes('trials'))),
    });
  }
}
