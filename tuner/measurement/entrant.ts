import type { Configuration } from '../../search-space/parameter.ts';
import type { Metrics } from '../../store/trial.ts';
import type { Backend, Failure, Sample, TimingSession, Variant } from '../backend.ts';
import { medianMetrics } from '../objectives/metrics.ts';
import { prepareVariant } from './prepare-variant.ts';
import { MOST_IN_A_ROW } from './run-failures.ts';

/** A configuration in a comparison, under a name for people. */
export type Contender = Readonly<{ label: string; configuration: Configuration }>;

/** A contender as it fares in the comparison. */
export class Entrant {
  readonly contender: Contender;
  readonly #variant: Variant | undefined;
  #message = '';
  #failures = 0;
  #inARow = 0;
  readonly #timed: Extract<Sample, { state: 'timed' }>[] = [];

  private constructor(contender: Contender, prepared: Variant | Failure, signal: AbortSignal) {
    this.contender = contender;
    this.#variant = 'state' in prepared ? undefined : prepared;
    // A failure during an interruption may be due to it.
    if ('state' in prepared && !signal.aborted) this.#fail(prepared.message);
  }

  static async prepare(backend: Backend, contender: Contender, signal: AbortSignal): Promise<Entrant> {
    const { label: subset, configuration } = contender;
    const proposal = { configuration, subset, origin: 'comparison' };
    return new Entrant(contender, await prepareVariant(backend, proposal, signal), signal);
  }

  get works(): boolean {
    return this.#variant !== undefined && this.#inARow < MOST_IN_A_ROW;
  }

  get variant(): readonly Variant[] {
    return this.works && this.#variant !== undefined ? [this.#variant] : [];
  }

  /** Medians of its samples; null where none has any. */
  get metrics(): Metrics | null {
    return medianMetrics(this.#timed).metrics ?? null;
  }

  /** Undefined while it never failed. */
  get failure(): string | undefined {
    return this.#failures === 0 ? undefined : this.#message;
  }

  /** Microseconds; null for a sample that was disturbed or failed. */
  async sample(session: TimingSession, round: number, signal: AbortSignal): Promise<number | null> {
    if (this.#variant === undefined || !this.works) return null;
    return this.take(await session.sample(this.#variant, round), signal);
  }

  /** Takes in its sample of a round. Microseconds; null for one that was disturbed or failed. */
  take(sample: Sample, signal: AbortSignal): number | null {
    if (sample.state === 'timed') {
      this.#inARow = 0;
      if (sample.metrics !== undefined) this.#timed.push(sample);
    }
    if (sample.state === 'invalid' && !signal.aborted) this.#fail(sample.message);
    return sample.state === 'timed' ? sample.timeUs : null;
  }

  #fail(message: string): void {
    this.#message = message;
    this.#failures++;
    this.#inARow++;
  }
}

/** What a reader should know of its failures. A rung with the same tile may never have worked. */
export function noteOf({ contender, works, failure }: Entrant): readonly string[] {
  const { label, configuration } = contender;
  if (failure === undefined || label === 'fixed tile') return [];
  const values = Object.entries(configuration).map(([name, value]) => `${name}=${value}`);
  const who = label === 'default' ? 'The default' : values.join(' ');
  const what = works ? 'failed now and then' : 'did not work';
  return [`${who} ${what} in the final comparison: ${failure}.`];
}
