import { InputError } from '../../../search-space/input-error.ts';
import type { Clock } from '../../../tuner/clock.ts';
import { formatDuration, parseDuration } from '../../text/duration.ts';
import type { AgentArguments } from './arguments.ts';

/** The most that agents may use: trials and time of one call, and the time of all calls that measure. Milliseconds. */
export type AgentLimits = Readonly<{ trials: number; forMs: number; totalMs: number }>;

/** What `trials` and `for` a command is given for an agent's. */
type Granted = Readonly<{ trials?: string; for?: string }>;

/** Keeps account of what agents measured. */
export class AgentBudget {
  readonly #limits: AgentLimits;
  readonly #clock: Clock;
  #usedMs = 0;

  constructor(limits: AgentLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** The budget of a call: what it asks for, or the most. Throws InputError where it asks for more. */
  grant({ trials, for: time }: AgentArguments, hasTrials: boolean): Granted {
    const forMs = this.#forMs();
    if (time !== undefined && parseDuration('for', String(time)) > forMs)
      throw new InputError(
        'for',
        `'${time}' is more than agents may use`,
        `at most ${formatDuration(forMs)}`,
      );
    const most = this.#limits.trials;
    if (Number(trials) > most)
      throw new InputError('trials', `${trials} are more than agents may use`, `at most ${most}`);
    return {
      ...(hasTrials && { trials: String(trials ?? most) }),
      for: String(time ?? seconds(forMs)),
    };
  }

  /** Runs what measures, and charges its time. */
  async charge<T>(work: () => Promise<T>): Promise<T> {
    const began = this.#clock.elapsed();
    try {
      return await work();
    } finally {
      this.#usedMs += this.#clock.elapsed() - began;
    }
  }

  #forMs(): number {
    const { forMs, totalMs } = this.#limits;
    const leftMs = totalMs - this.#usedMs;
    if (leftMs < 1000)
      throw new InputError(
        'for',
        `the ${formatDuration(totalMs)} that agents may measure are used`,
        'whoever started the server can give more with --total',
      );
    return Math.min(forMs, leftMs);
  }
}

function seconds(milliseconds: number): string {
  return `${Math.floor(milliseconds / 1000)}s`;
}
