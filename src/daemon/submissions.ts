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
  readonly #opening = new Map<string, Promise<Submission>>();

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Throws InputError for a plan that asks for something that there is not. */
  async submit(plan: Plan): Promise<Submission> {
    const text = canonicalJson(plan);
    const opening = this.#opening.get(text);
    if (opening !== undefined) return { ...(await opening), isNew: false };
    return this.#keep(text, this.#take(plan, text));
  }

  /** The same, also where the plan is at work already: its studies are then visited once more. */
  async again(plan: Plan): Promise<PlanRecord> {
    const opened = this.#daemon.submit(plan).then((record) => ({ record, isNew: true }));
    const { record } = await this.#keep(canonicalJson(plan), opened);
    return record;
  }

  async #keep(text: string, opening: Promise<Submission>): Promise<Submission> {
    this.#opening.set(text, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(text);
    }
  }

  async #take(plan: Plan, text: string): Promise<Submission> {
    const plans = await this.#daemon.store.plans({ active: true });
    const atWork = plans.find(({ document }) => canonicalJson(document) === text);
    if (atWork !== undefined) return { record: atWork, isNew: false };
    return { record: await this.#daemon.submit(plan), isNew: true };
  }
}
