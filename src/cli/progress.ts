import type { Budget } from '../../store/records.ts';
import type { InvalidReason } from '../../store/trial.ts';
import { type Progress, timeLeft } from '../../tuner/budget.ts';
import type { Listener, StudyEvent } from '../../tuner/events.ts';
import { describeProgress } from '../report/terminal/progress.ts';
import { clip } from '../report/terminal/width.ts';
import { formatCount } from '../report/words/numbers.ts';
import { paceOf } from './pace.ts';
import type { Session } from './session.ts';

/** A listener that shows the progress of a visit; `end` clears its line. */
export type ProgressReport = Readonly<{ listen: Listener; end(): void }>;

export const silent: ProgressReport = Object.freeze({ listen: () => {}, end: () => {} });

/** Shows progress: one line, redrawn, on a terminal; a plain line every two seconds when piped. */
export function reportProgress(
  session: Session,
  { heading, label, knownUs }: Readonly<{ heading: string; label: string; knownUs: number | undefined }>,
): ProgressReport {
  const tally = new Tally(knownUs);
  const pace = paceOf(session);
  const { isTerminal, columns, paint } = session.err;
  const draw = (): void => {
    const line = heading + describeProgress(tally.view(label), paint);
    if (isTerminal) session.sayOver(clip(line, columns - 1));
    else session.say(`${line}\n`);
  };
  return {
    listen(event) {
      tally.observe(event);
      if (event.kind === 'started' && event.settled > 0) {
        session.say(
          `${heading}continuing study ${event.studyId} after ${formatCount(event.settled)} trials.\n`,
        );
      }
      if (event.kind === 'settled' && pace.isDue()) draw();
      if (event.kind === 'comparing' && tally.hasTrials) draw();
    },
    end: () => {
      if (isTerminal) session.sayOver('');
    },
  };
}

/** Counts and best time of a visit so far. */
class Tally {
  #budget: Budget = {};
  #progress: Progress | undefined;
  #bestUs: number | undefined;
  readonly #invalid: Record<InvalidReason, number> = {
    timeout: 0,
    compile: 0,
    runtime: 0,
    correctness: 0,
    constraints: 0,
    disturbed: 0,
  };

  constructor(knownUs: number | undefined) {
    this.#bestUs = knownUs;
  }

  get hasTrials(): boolean {
    return this.#progress !== undefined;
  }

  observe(event: StudyEvent): void {
    if (event.kind === 'started') this.#budget = event.budget;
    if (event.kind !== 'settled') return;
    this.#progress = event.progress;
    for (const trial of event.trials) {
      if (trial.state === 'invalid') this.#invalid[trial.reason]++;
      else this.#bestUs = Math.min(this.#bestUs ?? trial.timeUs, trial.timeUs);
    }
  }

  view(label: string): Parameters<typeof describeProgress>[0] {
    return {
      settled: this.#progress?.settled ?? 0,
      allowed: this.#budget.trials,
      bestUs: this.#bestUs,
      label,
      invalid: this.#invalid,
      leftMs: this.#progress && timeLeft(this.#budget, this.#progress),
    };
  }
}
