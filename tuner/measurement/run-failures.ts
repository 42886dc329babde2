import type { Sample } from '../backend.ts';

type Invalid = Extract<Sample, { state: 'invalid' }>;

/** A configuration that may work has failed, or one that worked no longer does, after so many failures in a row. */
export const MOST_IN_A_ROW = 3;

/**
 * The runs of a visit that failed although their configurations work: a machine or a program may be unsteady.
 * A run that fails after another of its configuration was timed is repeated. So is the first run of the
 * default, and, once the visit has seen an unsteady configuration, of every other.
 */
export class RunFailures {
  #count = 0;
  #message = '';

  ofTrial(isDefault: boolean): TrialFailures {
    return new TrialFailures(isDefault || this.#count > 0, (failures) => {
      this.#count += failures.length;
      this.#message = failures.at(-1)?.message ?? this.#message;
    });
  }

  /** What a reader should know of them. */
  notes(): readonly string[] {
    if (this.#count === 0) return [];
    if (this.#count === 1)
      return [`One run failed (${this.#message}). Its configuration was timed by its other runs.`];
    const failed = `${this.#count} runs failed (the last: ${this.#message}).`;
    return [`${failed} Their configurations were timed by their other runs.`];
  }
}

/** The failures of a trial's own runs. */
export class TrialFailures {
  readonly #isFirstRepeated: boolean;
  readonly #forgive: (failures: readonly Invalid[]) => void;
  readonly #failures: Invalid[] = [];
  #worked = 0;
  #inARow = 0;

  constructor(isFirstRepeated: boolean, forgive: (failures: readonly Invalid[]) => void) {
    this.#isFirstRepeated = isFirstRepeated;
    this.#forgive = forgive;
  }

  worked(): void {
    this.#worked++;
    this.#inARow = 0;
  }

  /** The failure if the configuration does not work; undefined if the run is worth repeating. */
  failed(sample: Invalid): Invalid | undefined {
    this.#failures.push(sample);
    this.#inARow++;
    // A run that takes too long is too dear to repeat, unless it was timed before.
    const mayWork = this.#worked > 0 || (this.#isFirstRepeated && sample.reason !== 'timeout');
    return mayWork && this.#inARow < MOST_IN_A_ROW ? undefined : sample;
  }

  /** At the end of the trial: the last failure if more runs failed than worked. */
  end(): Invalid | undefined {
    const last = this.#failures.at(-1);
    if (last !== undefined && this.#failures.length > this.#worked) return last;
    this.#forgive(this.#failures);
    return undefined;
  }
}
