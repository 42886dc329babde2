import { configurationKey } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Backend, Sample, Variant } from '../backend.ts';
import type { Study } from '../study-definition.ts';
import { prepareVariant } from './prepare-variant.ts';
import { MOST_IN_A_ROW } from './run-failures.ts';

/**
 * The default as others are measured beside it, with the time of its own trial at the beginning of the
 * study. What becomes of its runs is its own affair: where it fails, the others are timed without it.
 */
export class Baseline {
  readonly #backend: Backend;
  readonly #trial: Extract<SettledTrial, { state: 'timed' }>;
  #variant: Variant | undefined;
  #inARow = 0;
  #failures = 0;
  #message = '';

  private constructor(backend: Backend, trial: Extract<SettledTrial, { state: 'timed' }>) {
    this.#backend = backend;
    this.#trial = trial;
  }

  /** Undefined before the default has a time. */
  static of(backend: Backend, study: Study, log: readonly SettledTrial[]): Baseline | undefined {
    const { parameters } = study.space;
    const key = configurationKey(parameters, study.default);
    const trial = log.find(
      ({ state, configuration }) => state === 'timed' && configurationKey(parameters, configuration) === key,
    );
    return trial?.state === 'timed' ? new Baseline(backend, trial) : undefined;
  }

  /** Of its own trial. Microseconds. */
  get timeUs(): number {
    return this.#trial.timeUs;
  }

  /** Of its own trial. */
  get samples(): number {
    return this.#trial.samplesUs.length;
  }

  /** To be run beside another one; undefined where it does not work now. */
  async variant(signal: AbortSignal): Promise<Variant | undefined> {
    if (this.#inARow >= MOST_IN_A_ROW) return undefined;
    if (this.#variant !== undefined) return this.#variant;
    const prepared = await prepareVariant(this.#backend, this.#trial, signal);
    if ('state' in prepared) this.observe(prepared, signal);
    else this.#variant = prepared;
    return this.#variant;
  }

  /** Failures of an interruption are none. */
  observe(sample: Sample, signal: AbortSignal): void {
    if (sample.state === 'timed') this.#inARow = 0;
    if (sample.state !== 'invalid' || signal.aborted) return;
    this.#inARow++;
    this.#failures++;
    this.#message = sample.message;
  }

  /** What a reader should know of its failures. */
  get note(): string | undefined {
    if (this.#failures === 0) return undefined;
    const times = this.#failures === 1 ? 'once' : `${this.#failures} times`;
    const end =
      this.#inARow >= MOST_IN_A_ROW ? ' It stopped working, so the others were timed without it.' : '';
    return `The default failed ${times} where it ran beside others (${this.#message}).${end}`;
  }
}
