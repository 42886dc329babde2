import type { SettledTrial } from '../../../store/trial.ts';
import type { Failure, Sample } from '../../../tuner/backend.ts';
import type { Reading } from '../../programs/reading.ts';
import type { TimeSource } from './program.ts';

/** The phase that marks a time as the duration of the whole program. */
const PROCESS = 'process';

/** So many answers are told of whose members were not all kept. */
const MOST_TOLD = 3;

/**
 * The one clock of a study over all its visits: the program's output or its duration. If the user chose
 * none, the first good execution decides. If it prints nothing, it decides for the duration only if other
 * configurations print nothing either; else its output was lost, and it has failed.
 */
export class StudyClock {
  #source: TimeSource | undefined;
  /** The number of executions that printed a time although the clock is the duration. */
  #unused = 0;

  /** Of what the program printed beside the time, what is no metric, and why: of the first runs that differ in it. */
  readonly #leftOut = new Set<string>();

  constructor(asked: TimeSource | undefined) {
    this.#source = asked;
  }

  get source(): TimeSource | 'unknown' {
    return this.#source ?? 'unknown';
  }

  /** Sentences on the clock for the readers of results. */
  notes(): readonly string[] {
    if (this.#source !== 'duration')
      return this.#leftOut.size === 0
        ? []
        : [`Of what the program printed, not kept: ${[...this.#leftOut].join('; ')}.`];
    const printed =
      this.#unused === 0
        ? ''
        : ` ${this.#unused} of its runs printed a time, which was not used: \`--time output\` reads it, in another study.`;
    return [`Times are the program’s duration from start to end.${printed}`];
  }

  /** Restores the clock from the trials of earlier visits. */
  recall(log: readonly SettledTrial[]): void {
    const timed = log.find(({ state }) => state === 'timed');
    if (timed?.state !== 'timed' || this.#source !== undefined) return;
    this.#source = timed.phases?.[PROCESS] === undefined ? 'output' : 'duration';
  }

  /**
   * The time of a good execution. `others` tells whether any other configuration prints a time; undefined
   * if interrupted.
   */
  async time(
    reading: Reading,
    elapsedMs: number,
    others: () => Promise<boolean | undefined>,
  ): Promise<Sample> {
    if (reading.state === 'time' && this.#source === 'duration') this.#unused++;
    if (reading.state === 'silent' && this.#source === undefined) {
      const prints = await others();
      if (prints === undefined) return { state: 'dropped' };
      this.#source = prints ? 'output' : 'duration';
    }
    if (this.#source === 'duration') return duration(elapsedMs);
    if (reading.state === 'silent') return failed('printed no time, although other runs of the program do');
    if (reading.state === 'unreadable') return failed(unreadable(reading));
    this.#source = 'output';
    const { timeUs, metrics, leftOut } = reading;
    if (leftOut !== undefined && this.#leftOut.size < MOST_TOLD) this.#leftOut.add(leftOut);
    return { state: 'timed', timeUs, ...(metrics && { metrics }) };
  }
}

function duration(elapsedMs: number): Sample {
  const timeUs = elapsedMs * 1000;
  return { state: 'timed', timeUs, phases: { [PROCESS]: timeUs } };
}

function unreadable({ line, lacks }: Extract<Reading, { state: 'unreadable' }>): string {
  const shown = `'${line.slice(0, 80)}'`;
  if (lacks !== undefined) return `the last line printed, ${shown}, ${lacks}`;
  return `the last line printed, ${shown}, is not a time; --time duration times the whole program`;
}

function failed(message: string): Failure {
  return { state: 'invalid', reason: 'runtime', message };
}
