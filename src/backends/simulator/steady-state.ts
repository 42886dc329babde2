/** Periods up to this many rounds are recognized. */
export const LONGEST_PERIOD = 8;
/** Rounds after which an irregular pattern is taken to go on as it did in its second half. */
const PATIENCE = 512;

/**
 * Watches moments (all on one clock; the first is the reference) after each round of equal tiles,
 * and says when they repeat. Sums of time spent are watched along, so that both can be carried over
 * whole periods.
 */
export class SteadyState {
  private readonly moments: Float64Array;
  private readonly spent: Float64Array;
  private readonly step: number;
  private readonly history: Float64Array[] = [];
  private checkpoint: Float64Array | undefined;
  private rounds = 0;

  /** A period is a multiple of `step` rounds (buffers take turns). */
  constructor(moments: Float64Array, spent: Float64Array, step: number) {
    this.moments = moments;
    this.spent = spent;
    this.step = step;
  }

  /** Notes the state after a round; the length of the period it completes, or 0. */
  note(): number {
    const now = this.snapshot();
    const found = this.period(now);
    if (this.history.length === LONGEST_PERIOD) this.history.shift();
    this.history.push(now);
    this.rounds++;
    if (found > 0) return found;
    const half = PATIENCE >> 1;
    if (this.rounds === half) this.checkpoint = now;
    if (this.rounds !== PATIENCE || this.checkpoint === undefined) return 0;
    this.history[this.history.length - 2] = this.checkpoint;
    return half - (half % this.step);
  }

  /** Carries all moments and sums over `times` periods of `period` rounds that was just completed. */
  skip(period: number, times: number): void {
    const now = this.history[this.history.length - 1];
    const back = period > LONGEST_PERIOD ? 1 : period;
    const then = this.history[this.history.length - 1 - back];
    const shift = now[0] - then[0];
    for (let i = 0; i < this.moments.length; i++) this.moments[i] += times * shift;
    const offset = this.moments.length;
    for (let i = 0; i < this.spent.length; i++) this.spent[i] += times * (now[offset + i] - then[offset + i]);
  }

  private snapshot(): Float64Array {
    const state = new Float64Array(this.moments.length + this.spent.length);
    state.set(this.moments);
    state.set(this.spent, this.moments.length);
    return state;
  }

  private period(now: Float64Array): number {
    for (let period = this.step; period <= this.history.length; period += this.step) {
      if (this.repeats(now, this.history[this.history.length - period])) return period;
    }
    return 0;
  }

  private repeats(now: Float64Array, then: Float64Array): boolean {
    const shift = now[0] - then[0];
    const slack = 1e-9 * shift;
    for (let i = 1; i < this.moments.length; i++) {
      const error = now[i] - then[i] - shift;
      if (error > slack || error < -slack) return false;
    }
    return true;
  }
}
