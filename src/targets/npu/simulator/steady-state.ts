/** The longest period that is recognized, in rounds. */
export const LONGEST_PERIOD = 8;
/** After this many rounds an irregular pattern is assumed to go on as in its second half. */
const PATIENCE = 512;

/** Snapshots kept: enough to look back over the longest period, and one at half of PATIENCE. */
const ROWS = LONGEST_PERIOD + 1;
const CHECKPOINT = ROWS;

/** Snapshots of the run that is being watched, reused by the next one: only one runs at a time. */
let rows = new Float64Array(0);

/**
 * Detects when a run becomes periodic: after each round of equal tiles it compares the moments (all on
 * one clock, relative to the first) with those of earlier rounds. It keeps the sums of time spent too, so
 * that both can be advanced by whole periods.
 */
export class SteadyState {
  private readonly moments: Float64Array;
  private readonly spent: Float64Array;
  private readonly step: number;
  private readonly width: number;
  private rounds = 0;
  /** The offset in `rows` of the snapshot at the start of the period found. */
  private begin = 0;

  /** Periods are multiples of `step` rounds, because buffers take turns. */
  constructor(moments: Float64Array, spent: Float64Array, step: number) {
    this.moments = moments;
    this.spent = spent;
    this.step = step;
    this.width = moments.length + spent.length;
    if (rows.length < (ROWS + 1) * this.width) rows = new Float64Array(2 * (ROWS + 1) * this.width);
  }

  /** Notes the state after a round. Returns the length of the period that it completes, or 0. */
  note(): number {
    this.keep(this.rounds % ROWS);
    const half = PATIENCE >> 1;
    if (this.rounds === half) this.keep(CHECKPOINT);
    const longest = Math.min(LONGEST_PERIOD, this.rounds);
    this.rounds++;
    for (let period = this.step; period <= longest; period += this.step) {
      const row = (this.rounds - 1 - period) % ROWS;
      if (this.repeats(row * this.width)) return this.found(row, period);
    }
    const even = half - (half % this.step);
    return this.rounds === half + even + 1 ? this.found(CHECKPOINT, even) : 0;
  }

  /** Advances all moments and sums by `times` more of the period just completed. */
  skip(times: number): void {
    const shift = this.moments[0] - rows[this.begin];
    for (let i = 0; i < this.moments.length; i++) this.moments[i] += times * shift;
    const sums = this.begin + this.moments.length;
    for (let i = 0; i < this.spent.length; i++) this.spent[i] += times * (this.spent[i] - rows[sums + i]);
  }

  private keep(row: number): void {
    rows.set(this.moments, row * this.width);
    rows.set(this.spent, row * this.width + this.moments.length);
  }

  private found(row: number, period: number): number {
    this.begin = row * this.width;
    return period;
  }

  private repeats(then: number): boolean {
    const shift = this.moments[0] - rows[then];
    const slack = 1e-9 * shift;
    for (let i = 1; i < this.moments.length; i++) {
      const error = this.moments[i] - rows[then + i] - shift;
      if (error > slack || error < -slack) return false;
    }
    return true;
  }
}
