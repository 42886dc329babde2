import { disturbed, type Failure, type Sample } from '../backend.ts';
import { medianMetrics } from '../objectives/metrics.ts';
import type { TrialFailures } from './run-failures.ts';

type TimedExecution = Extract<Sample, { state: 'timed' }>;

/** A trial as its executions come in. */
export class ExecutionTrial {
  readonly timed: TimedExecution[] = [];
  readonly #failures: TrialFailures;
  #failure: Failure | undefined;
  executions = 0;

  constructor(failures: TrialFailures) {
    this.#failures = failures;
  }

  /** Takes an execution in: a time, a failure that is worth repeating, or what ends the trial. */
  take(sample: Sample): 'timed' | 'failed' | 'ended' {
    this.executions++;
    if (sample.state === 'invalid') {
      this.#failure = this.#failures.failed(sample);
      return this.#failure === undefined ? 'failed' : 'ended';
    }
    if (sample.state === 'dropped') {
      if (this.timed.length === 0) this.#failure = disturbed(sample);
      return 'ended';
    }
    this.timed.push(sample);
    this.#failures.worked();
    return 'timed';
  }

  get samplesUs(): readonly number[] {
    return this.timed.map(({ timeUs }) => timeUs);
  }

  /** What became of it. Phases are those of the fastest sample, metrics the medians. */
  outcome(timeOf: (samplesUs: readonly number[]) => number) {
    const failure = this.#failure ?? this.#failures.end();
    if (failure !== undefined) return failure;
    const { phases } = this.timed.reduce((best, one) => (one.timeUs < best.timeUs ? one : best));
    return {
      state: 'timed',
      timeUs: timeOf(this.samplesUs),
      samplesUs: this.samplesUs,
      ...(phases && { phases }),
      ...medianMetrics(this.timed),
    } as const;
  }
}
