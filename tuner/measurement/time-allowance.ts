import type { Clock } from '../clock.ts';
import type { Takes } from './comparison-plan.ts';
import { median } from './statistics.ts';

/** What takes less ends by itself soon enough; from here on the time that was asked for is planned. Milliseconds. */
export const SLOW_MS = 250;
/** A run that takes longer is not repeated as freely as others. Microseconds. */
export const LONG_RUN_US = 10_000;
/** Recent samples that tell what the next one takes. */
const RECENT = 9;

/** The time that a search may take, and what samples and preparations have taken so far. Milliseconds. */
export class TimeAllowance {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #leftMs: () => number;
  readonly #wholeMs: number;
  readonly #samplesMs: number[] = [];
  readonly #preparationsMs: number[] = [];
  #firstPreparationMs = 0;
  #samples = 0;
  #totalMs = 0;

  /** `leftMs` of `wholeMs`; both infinite where nobody asked for a time. */
  constructor(clock: Pick<Clock, 'elapsed'>, leftMs: () => number, wholeMs: number) {
    this.#clock = clock;
    this.#leftMs = leftMs;
    this.#wholeMs = wholeMs;
  }

  /** About what a sample takes; undefined before the first. */
  get sampleMs(): number | undefined {
    return this.#samplesMs.length === 0 ? undefined : median(this.#samplesMs);
  }

  /** About what it takes to prepare and check a variant; 0 before the first. */
  get preparationMs(): number {
    return this.#preparationsMs.length === 0 ? 0 : median(this.#preparationsMs);
  }

  /**
   * What the parts of a final comparison take; undefined before the first sample. Its contenders are the best of every
   * subspace, slow ones too, so the mean of all samples counts. The first preparation tells what the start of a process
   * takes, as it includes one where the backend is `inProcesses`.
   */
  comparisonTakes(inProcesses: boolean): Takes | undefined {
    if (this.#samples === 0) return undefined;
    const { preparationMs } = this;
    const startMs = inProcesses ? Math.max(0, this.#firstPreparationMs - preparationMs) : 0;
    return { sampleMs: this.#totalMs / this.#samples, preparationMs, startMs };
  }

  /** What a sample takes; undefined before the first, and while they are too short to matter. */
  get slowSampleMs(): number | undefined {
    const usual = this.sampleMs ?? 0;
    return usual >= SLOW_MS ? usual : undefined;
  }

  /** Whether so many more samples fit. */
  hasRoomFor(samples: number): boolean {
    return samples * (this.slowSampleMs ?? 0) <= Math.max(0, this.#leftMs());
  }

  /** Whether a trial whose `rounds` so far have taken so long may have one more: slow ones get a `share` of the whole time. */
  allowsTrial(spentMs: number, rounds: number, share: number): boolean {
    const more = spentMs / rounds;
    if (more < SLOW_MS) return true;
    return more <= Math.max(0, this.#leftMs()) && spentMs + more <= this.#wholeMs * share;
  }

  /** Takes a sample and notes how long it took. */
  async sample<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#timed(this.#samplesMs, work);
    } finally {
      this.#samples++;
      this.#totalMs += this.#samplesMs.at(-1) ?? 0;
    }
  }

  /** Notes samples that several devices took together: each cost its share. */
  tookTogether(ms: number, samples: number): void {
    if (samples === 0) return;
    this.#samples += samples;
    this.#totalMs += ms;
    this.#samplesMs.push(ms / samples);
    if (this.#samplesMs.length > RECENT) this.#samplesMs.shift();
  }

  /** Prepares a variant and notes how long it took. */
  async prepare<T>(work: () => Promise<T>): Promise<T> {
    const isFirst = this.#preparationsMs.length === 0;
    const prepared = await this.#timed(this.#preparationsMs, work);
    if (isFirst) this.#firstPreparationMs = this.preparationMs;
    return prepared;
  }

  async #timed<T>(timesMs: number[], work: () => Promise<T>): Promise<T> {
    const began = this.#clock.elapsed();
    try {
      return await work();
    } finally {
      timesMs.push(this.#clock.elapsed() - began);
      if (timesMs.length > RECENT) timesMs.shift();
    }
  }

  /** Milliseconds since the first call's result: for how long a trial has been timed. */
  stopwatch(): () => number {
    const began = this.#clock.elapsed();
    return () => this.#clock.elapsed() - began;
  }
}
