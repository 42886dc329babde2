import { configurationKey } from '../../search-space/parameter.ts';
import type { SettledTrial, TimedTrial } from '../../store/trial.ts';
import type { Backend, Sample, Variant } from '../backend.ts';
import type { Study } from '../study-definition.ts';
import { prepareVariant } from './prepare-variant.ts';
import { MOST_IN_A_ROW } from './run-failures.ts';
import { LONG_RUN_US } from './time-allowance.ts';

/** So many times as fast is what others are measured beside, in place of a long default. */
const FASTER = 2;

/**
 * The default as others are measured beside it, with the time of its own trial at the beginning of the
 * study; where it takes long, an early trial that is much faster. What becomes of its runs is its own affair:
 * where it fails, the others are timed without it.
 */
export class Baseline {
  readonly #backend: Backend;
  readonly #trial: TimedTrial;
  readonly #isDefault: boolean;
  #variant: Variant | undefined;
  #inARow = 0;
  #failures = 0;
  #message = '';

  private constructor(backend: Backend, trial: TimedTrial, isDefault: boolean) {
    this.#backend = backend;
    this.#trial = trial;
    this.#isDefault = isDefault;
  }

  /** The default. Undefined before it has a time. */
  static ofDefault(backend: Backend, study: Study, log: readonly SettledTrial[]): Baseline | undefined {
    const trial = defaultTrial(study, log);
    return trial && new Baseline(backend, trial, true);
  }

  /** The default, or an early trial in its place; the `latest` one where it is the same. */
  static of(
    backend: Backend,
    study: Study,
    log: readonly SettledTrial[],
    latest: Baseline | undefined,
  ): Baseline | undefined {
    const first = defaultTrial(study, log);
    const trial = first && fasterOf(first, log);
    if (trial === undefined || (latest !== undefined && latest.#trial === trial)) return latest;
    return new Baseline(backend, trial, trial === first);
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
    const who = this.#isDefault ? 'The default' : 'A configuration that was used as the baseline';
    return `${who} failed ${times} where it ran beside others (${this.#message}).${end}`;
  }
}

function defaultTrial(study: Study, log: readonly SettledTrial[]): TimedTrial | undefined {
  const { parameters } = study.space;
  const key = configurationKey(parameters, study.default);
  return log.find(
    (trial): trial is TimedTrial =>
      trial.state === 'timed' && configurationKey(parameters, trial.configuration) === key,
  );
}

/** The first in the log that is much faster than the one before it, until one is short. */
function fasterOf(first: TimedTrial, log: readonly SettledTrial[]): TimedTrial {
  let chosen = first;
  for (const trial of log) {
    if (chosen.timeUs <= LONG_RUN_US) break;
    if (trial.state === 'timed' && trial.timeUs * FASTER <= chosen.timeUs) chosen = trial;
  }
  return chosen;
}
