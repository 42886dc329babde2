import type { Budget } from '../../store/records.ts';
import type { InvalidReason } from '../../store/trial.ts';
import { type Progress, timeLeft } from '../../tuner/budget.ts';
import type { Clock } from '../../tuner/clock.ts';
import type { Listener, StudyEvent } from '../../tuner/events.ts';
import { describeProgress, type ProgressView, type VisitPhase } from '../report/terminal/progress.ts';
import { clip } from '../report/terminal/width.ts';
import { countOf } from '../report/words/numbers.ts';
import { paceOf } from './pace.ts';
import type { ProgressLine } from './progress-line.ts';
import type { Session } from './session.ts';

/** A listener that shows the progress of a visit; `end` clears its line. */
export type ProgressReport = Readonly<{ listen: Listener; end(): void }>;

export const silent: ProgressReport = Object.freeze({ listen: () => {}, end: () => {} });

/** How often it is looked whether progress is to be shown where nothing happens. Milliseconds. */
const LOOK_MS = 500;

/** What takes less time says nothing in a pipe: an error stays the only sentence. Milliseconds. */
const UNSAID_MS = 2000;

/**
 * Says that a command prepares its studies, until that is done: it lowers kernels, builds spaces, asks compilers. In a pipe
 * only where that takes long, since `sinceMs` on the clock's `elapsed`.
 */
export async function preparing<T>(
  session: Session,
  line: ProgressLine,
  work: () => Promise<T>,
  sinceMs = session.clock.elapsed(),
): Promise<T> {
  const say = (): void => line.begin('preparing: the kernel, its search space, the target');
  const unsaidMs = session.err.isTerminal ? 0 : UNSAID_MS - (session.clock.elapsed() - sinceMs);
  const timer = unsaidMs > 0 ? setTimeout(say, unsaidMs) : undefined;
  if (timer === undefined) say();
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    line.end();
  }
}

/** Shows progress: one line, redrawn, on a terminal; piped, a plain line as soon as something else is done, and every two seconds if it says something new. */
export function reportProgress(
  session: Session,
  { heading, label, knownUs }: Readonly<{ heading: string; label: string; knownUs: number | undefined }>,
): ProgressReport {
  const tally = new Tally(knownUs, session.clock);
  const pace = paceOf(session);
  const { isTerminal, room, paint } = session.err;
  let last: string | undefined;
  const draw = (): void => {
    const line = heading + describeProgress(tally.view(label), paint, room - 1 - heading.length);
    if (isTerminal) session.sayOver(clip(line, room - 1));
    else if (line !== last) session.say(`${line}\n`);
    last = line;
  };
  const shown = new Set<VisitPhase>();
  const drawIfDue = (): void => {
    const isNew = !shown.has(tally.phase);
    shown.add(tally.phase);
    if (pace.isDue() || isNew) draw();
  };
  const timer = setInterval(drawIfDue, LOOK_MS).unref();
  if (isTerminal) session.sayOver(clip(`${heading}preparing: the study, what is known of others`, room - 1));
  return {
    listen(event) {
      tally.observe(event);
      if (event.kind === 'started' && event.settled > 0) {
        session.say(
          `${heading}continuing study ${event.studyId} after ${countOf(event.settled, 'trial')}.\n`,
        );
      }
      if (event.kind !== 'improved' && (event.kind !== 'comparing' || tally.hasTrials)) drawIfDue();
    },
    end: () => {
      clearInterval(timer);
      if (isTerminal) session.sayOver('');
    },
  };
}

/** Counts and best time of a visit so far. */
class Tally {
  #budget: Budget = {};
  #phase: VisitPhase = 'searching';
  #rounds = 0;
  /** When the final comparison began, and when it ends at the earliest. On the clock's `elapsed`. */
  #comparedFrom = 0;
  #leastEnd = 0;
  #files: number | undefined;
  #settled = 0;
  #progress: Progress | undefined;
  /** When the progress was told, on the clock's `elapsed`. */
  #toldAt = 0;
  #bestUs: number | undefined;
  readonly #invalid: Record<InvalidReason, number> = {
    timeout: 0,
    compile: 0,
    runtime: 0,
    correctness: 0,
    constraints: 0,
    disturbed: 0,
  };

  constructor(
    knownUs: number | undefined,
    private readonly clock: Clock,
  ) {
    this.#bestUs = knownUs;
  }

  get phase(): VisitPhase {
    return this.#phase;
  }

  get hasTrials(): boolean {
    return this.#settled > 0;
  }

  observe(event: StudyEvent): void {
    if (event.kind === 'started') {
      this.#budget = event.budget;
      this.#settled = event.ofVisit;
    }
    if (event.kind === 'building') {
      // Finalists are compared after what is compiled for them.
      if (this.#phase !== 'comparing') this.#phase = 'building';
      this.#files = event.files;
    }
    if (event.kind === 'comparing') {
      this.#phase = 'comparing';
      this.#comparedFrom = this.clock.elapsed();
    }
    if (event.kind === 'round') {
      const { rounds, least } = event;
      const takenMs = this.clock.elapsed() - this.#comparedFrom;
      this.#rounds = rounds;
      this.#leastEnd = this.clock.elapsed() + ((least - rounds) * takenMs) / rounds;
    }
    if (event.kind !== 'settled') return;
    this.#phase = 'searching';
    this.#files = undefined;
    this.#progress = event.progress;
    this.#settled = event.progress.settled;
    this.#toldAt = this.clock.elapsed();
    for (const trial of event.trials) {
      if (trial.state === 'invalid') this.#invalid[trial.reason]++;
      else this.#bestUs = Math.min(this.#bestUs ?? trial.timeUs, trial.timeUs);
    }
  }

  view(label: string): ProgressView {
    return {
      phase: this.#phase,
      rounds: this.#rounds,
      comparedMs: this.#phase === 'comparing' ? this.clock.elapsed() - this.#comparedFrom : undefined,
      files: this.#files,
      settled: this.#settled,
      allowed: this.#budget.trials,
      bestUs: this.#bestUs,
      label,
      invalid: this.#invalid,
      leftMs: this.#leftMs(),
      leftOf: this.#leftOf(),
    };
  }

  #leftOf(): ProgressView['leftOf'] {
    const isTold = this.#budget.forMs !== undefined || this.#progress?.comparisonMs !== undefined;
    if (isTold) return 'visit';
    return this.#phase === 'comparing' ? 'least' : 'search';
  }

  /** Of the time that was asked for while finalists are compared; else until the first limit. */
  #leftMs(): number | undefined {
    const now = this.clock.elapsed();
    const leftOf = this.#leftOf();
    if (leftOf === 'least') return this.#leastEnd - now;
    if (this.#progress === undefined) return undefined;
    // Of a simulated comparison the estimate is too rough to stand alone.
    if (this.#phase === 'comparing' && this.#budget.forMs === undefined) return undefined;
    const toldMs = timeLeft(this.#budget, this.#progress);
    return toldMs === undefined ? undefined : toldMs - (now - this.#toldAt);
  }
}
