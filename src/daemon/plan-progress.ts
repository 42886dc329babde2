import type { PlanRecord } from '../../store/records.ts';
import { planSchema } from '../ask/plan.ts';
import { totalOf } from '../ask/planned-studies.ts';
import { readTask } from './planned-task.ts';

/** A beat adds at most this much: working time must not include the machine's sleep. */
const LONGEST_BEAT_MS = 5000;

/** Progress of an active plan against its total budget. */
export class PlanProgress {
  readonly id: string;
  readonly #total: ReturnType<typeof totalOf>;
  /** Settled trials since the plan was submitted, by study. */
  readonly #trials = new Map<string, number>();
  readonly #before: ReadonlyMap<string, number>;
  readonly #open: Set<string>;
  activeMs: number;

  constructor(record: PlanRecord) {
    this.id = record.id;
    this.#total = totalOf(planSchema.parse(record.document));
    this.#before = new Map(record.studies.map((study) => [study.studyId, readTask(study).trialsBefore]));
    this.#open = new Set(record.studies.flatMap((s) => (s.state === 'ended' ? [] : [s.studyId])));
    this.activeMs = record.activeMs;
  }

  get open(): ReadonlySet<string> {
    return this.#open;
  }

  end(studyId: string): void {
    this.#open.delete(studyId);
  }

  /** Sets the number of all settled trials of a study. */
  count(studyId: string, settled: number): void {
    const before = this.#before.get(studyId);
    if (before !== undefined) this.#trials.set(studyId, settled - before);
  }

  beat(elapsedMs: number): void {
    this.activeMs += Math.min(elapsedMs, LONGEST_BEAT_MS);
  }

  get isSpent(): boolean {
    const { trials, forMs } = this.#total;
    const settled = [...this.#trials.values()].reduce((sum, count) => sum + count, 0);
    return (trials !== undefined && settled >= trials) || (forMs !== undefined && this.activeMs >= forMs);
  }
}
