import { z } from 'zod';
import { describeIssue, mainIssue } from '../text/describe-issue.ts';
import { type Answer, answerSchema, type DeviceJob } from './messages.ts';

/** A claim that is not renewed for this long ends. Milliseconds. */
export const CLAIM_MS = 6000;
/** How often a worker renews its claim. */
export const BEAT_MS = 1000;
/** A worker that could not renew its claim for this long ends its program: before the claim ends. */
const HOLD_MS = 4000;
/** Answers that a worker keeps: a job that is handed out again is not measured again. */
const MOST_KEPT = 256;

/** What a worker knows of its claim, which others see end later than it does itself. */
export class Hold {
  /** When the claim was last known to be the worker's own. */
  #heldMs: number;

  constructor(askedMs: number) {
    this.#heldMs = askedMs;
  }

  /** The claim was asked for then, and granted. */
  renewed(askedMs: number): void {
    this.#heldMs = askedMs;
  }

  /** Whether it may execute a program. */
  isHeld(nowMs: number): boolean {
    return nowMs < this.untilMs;
  }

  /** Its program must have ended by then. */
  get untilMs(): number {
    return this.#heldMs + HOLD_MS;
  }
}

/** Numbers that no earlier lease had, also where Redis has lost everything and after a restart. */
export class Leases {
  #last = 0;

  /** `now` is in milliseconds since 1970. */
  next(now: number): number {
    this.#last = Math.max(this.#last + 1, Math.round(now) * 1000);
    return this.#last;
  }
}

/** What a worker has measured already, by the ids of the jobs. */
export class KeptAnswers {
  readonly #kept = new Map<string, Answer>();

  keep(answer: Answer): void {
    this.#kept.set(answer.id, answer);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** The answer to a job that was handed out again, under its new lease. */
  to({ id, lease }: Pick<DeviceJob, 'id' | 'lease'>): Answer | undefined {
    const kept = this.#kept.get(id);
    return kept && { ...kept, lease };
  }
}

const leasedSchema = z.object({ id: z.string(), lease: z.int().positive() });

/**
 * The answer to a job as it stands in its queue; undefined for a stale one, of another lease, and for what is none. One that
 * only a worker of another version can have given refuses the job.
 */
export function answerTo(id: string, job: unknown, given: unknown): Answer | undefined {
  const lease = typeof job === 'object' && job !== null && 'lease' in job ? job.lease : undefined;
  const leased = leasedSchema.safeParse(given).data;
  if (leased === undefined || leased.id !== id || leased.lease !== lease) return undefined;
  const parsed = answerSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = describeIssue(mainIssue(parsed.error.issues, given), given, answerSchema);
  const message = `the daemon cannot read its answer: ${issue}: are worker and daemon of one version?`;
  return { kind: 'refused', id, lease: leased.lease, message };
}
