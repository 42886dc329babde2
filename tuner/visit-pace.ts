import type { VisitRecord } from '../store/records.ts';
import type { SettledTrial } from '../store/trial.ts';
import { type Progress, type StopReason, spent, timeAllowed } from './budget.ts';
import { Incumbent } from './incumbent.ts';
import { SLOW_MS, TimeAllowance } from './measurement/time-allowance.ts';
import type { World } from './world.ts';

/** Longer than this no timer runs. Milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

type Surroundings = Pick<World, 'clock' | 'signal'>;

/** How far a visit is, and what it may still take. */
export class VisitPace {
  readonly visit: VisitRecord;
  readonly #log: readonly SettledTrial[];
  readonly #world: Surroundings;
  readonly #began: number;
  readonly incumbent: Incumbent;
  readonly allowance: TimeAllowance;
  /** Aborts at an interruption, and when a slow run goes on beyond the time that was asked for. */
  readonly cutOff: AbortSignal;
  /** Releases the timer behind `cutOff`. */
  readonly close: () => void;

  /** The log grows while the visit goes on. */
  constructor(visit: VisitRecord, log: readonly SettledTrial[], world: Surroundings) {
    this.visit = visit;
    this.#log = log;
    this.#world = world;
    this.#began = world.clock.elapsed();
    this.incumbent = new Incumbent(visit.budget.stall?.gain ?? 0);
    for (const trial of log) this.incumbent.observe(trial);
    const leftMs = (): number => timeAllowed(visit.budget, this.progress);
    this.allowance = new TimeAllowance(world.clock, leftMs, visit.budget.forMs ?? Number.POSITIVE_INFINITY);
    const { signal, close } = cutOff(world.signal, leftMs());
    this.cutOff = signal;
    this.close = close;
  }

  get progress(): Progress {
    const { clock } = this.#world;
    return {
      settled: this.#log.length - this.visit.trialsAtStart,
      activeMs: this.visit.activeMs + clock.elapsed() - this.#began,
      now: clock.now(),
      sinceGain: this.incumbent.sinceGain,
    };
  }

  /** Why the visit ends now; undefined where it goes on. `hasTime`: for another trial. */
  stopReason(hasTime: boolean): StopReason | undefined {
    if (this.#world.signal.aborted) return 'interrupted';
    const reached = spent(this.visit.budget, this.progress);
    if (reached !== undefined) return reached;
    if (hasTime && !this.cutOff.aborted) return undefined;
    return this.visit.budget.forMs === undefined ? 'deadline' : 'time';
  }
}

/** Not `AbortSignal.any` with `AbortSignal.timeout`: its timer may be garbage-collected (nodejs/node#57736). */
function cutOff(interruption: AbortSignal, leftMs: number): Readonly<{ signal: AbortSignal; close(): void }> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const afterMs = Math.max(0, leftMs) + SLOW_MS;
  const timer = afterMs > LONGEST_TIMER ? undefined : setTimeout(abort, afterMs).unref();
  interruption.addEventListener('abort', abort, { once: true });
  if (interruption.aborted) abort();
  return {
    signal: controller.signal,
    close() {
      clearTimeout(timer);
      interruption.removeEventListener('abort', abort);
    },
  };
}
