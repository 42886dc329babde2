import type { SettledTrial } from '../../../store/trial.ts';
import type { Failure, Sample } from '../../../tuner/backend.ts';
import type { TimeSource } from './program.ts';
import type { Reading } from './reading.ts';

/** The phase of a time that is how long the whole program took. */
const PROCESS = 'process';

/**
 * The one clock of a study, over all its visits: what the program prints, or how long it takes. Where
 * nobody said which, the first good execution decides. One that prints nothing decides only if others
 * print nothing either: else its output was lost, and it has failed.
 */
export class StudyClock {
  #source: TimeSource | undefined;
  /** Executions that printed a time although their durations count. */
  #unused = 0;

  constructor(asked: TimeSource | undefined) {
    this.#source = asked;
  }

  get source(): TimeSource | 'unknown' {
    return this.#source ?? 'unknown';
  }

  /** What a reader must know of it. */
  notes(): readonly string[] {
    if (this.#source !== 'duration') return [];
    const printed =
      this.#unused === 0
        ? ''
        : ` ${this.#unused} of its runs printed a time all the same: \`--time output\` reads it, in another study.`;
    return [`Times are how long the program took from start to end.${printed}`];
  }

  /** What earlier visits were timed with. */
  recall(log: readonly SettledTrial[]): void {
    const timed = log.find(({ state }) => state === 'timed');
    if (timed?.state !== 'timed' || this.#source !== undefined) return;
    this.#source = timed.phases?.[PROCESS] === undefined ? 'output' : 'duration';
  }

  /**
   * The time of a good execution. `others` tells whether any other configuration prints a time; undefined
   * where it was interrupted.
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
    if (reading.state === 'silent') return failed('printed no time, though the program prints one');
    if (reading.state === 'unreadable') return failed(unreadable(reading.line));
    this.#source = 'output';
    return { state: 'timed', timeUs: reading.timeUs };
  }
}

function duration(elapsedMs: number): Sample {
  const timeUs = elapsedMs * 1000;
  return { state: 'timed', timeUs, phases: { [PROCESS]: timeUs } };
}

function unreadable(line: string): string {
  const shown = JSON.stringify(line.slice(0, 80));
  return `the last line printed, ${shown}, is no time; --time duration times the program`;
}

function failed(message: string): Failure {
  return { state: 'invalid', reason: 'runtime', message };
}
