import type { PlanRecord } from '../../store/records.ts';
import type { Plan } from '../ask/plan.ts';
import { canonicalJson } from '../kernels/canonical-json.ts';
import type { Daemon } from './daemon.ts';

/** A plan that was taken, or the same one that is at work already. */
export type Submission = Readonly<{ record: PlanRecord; isNew: boolean }>;

/**
 * Takes each plan once while it is at work: whoever lost patience and submits it again is told of the first.
 * A plan is the same if its content is.
 */
export class Submissions {
  readonly #daemon: Daemon;
  /** Plans whose studies are being opened. */
  readonly #opening = new Map<string, Promise<PlanRecord>>();

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Throws InputError for a plan that asks for something that there is not. */
  async submit(plan: Plan): Promise<Submission> {
    const text = canonicalJson(plan);
    const first = (await this.#opening.get(text)) ?? (await this.#atWork(text));
    if (first !== undefined) return { record: first, isNew: false };
    return { record: await this.again(plan), isNew: true };
  }

  /** The same, also where the plan is at work already: its studies are then visited once more. */
  async again(plan: Plan): Promise<PlanRecord> {
    const text = canonicalJson(plan);
    const opened = this.#daemon.submit(plan);
    this.#opening.set(text, opened);
    try {
      return await opened;
    } finally {
      this.#opening.delete(text);
    }
  }

  async #atWork(text: string): Promise<PlanRecord | undefined> {
    const plans = await this.#daemon.store.plans({ active: true });
    return plans.find(({ document }) => canonicalJson(document) === text);
  }
}
