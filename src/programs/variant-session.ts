import type { Sample, TimingSession, Variant } from '../../tuner/backend.ts';
import type { CallWork, Fate } from './variant-process.ts';

/** A sample in which a thread waited longer than this share for a core says nothing. */
const MOST_WAITED = 0.03;
/** Waiting beyond this share cannot be taken off: what is left of such a sample is mostly error. */
const MOST_CORRECTED = 0.5;
/** Disturbed samples on several threads are taken again so often, all of them so long, before they are given up. */
const LEAST_ATTEMPTS = 3;
const PATIENCE_US = 10_000;

type TimeAnswer = Extract<Fate, { kind: 'time' }>;

/** What a session times variants with. */
type Timer = Readonly<{
  sample(variant: Variant): Promise<Fate>;
  /** Threads that a variant takes. */
  threadsOf(variant: Variant): number;
  close(): Promise<void>;
}>;

/** Variants loaded together in one runner, each sampled until a sample is undisturbed. */
export class VariantSession implements TimingSession {
  private taken = 0;
  private clean = 0;
  /** Samples that count although a thread waited: its waiting is taken off. */
  private corrected = 0;
  /** The shortest time of a clean sample times its threads, microseconds. */
  private shortest = Number.POSITIVE_INFINITY;

  /** Closes the timer where it is `owned`. The `work` of a call is compared with the machine's limits. */
  constructor(
    private readonly timer: Timer,
    private readonly owned: boolean,
    private readonly work: CallWork,
    private readonly around: Readonly<Record<string, string | number | boolean>>,
  ) {}

  /**
   * Tries a few times: on a busy machine a sample is seldom undisturbed. If none is, what one thread
   * waited for a core is taken off its calmest sample, unless it waited for most of it; for several threads
   * nothing can be said.
   */
  async sample(variant: Variant): Promise<Sample> {
    const threads = this.timer.threadsOf(variant);
    let spentUs = 0;
    let calmest: TimeAnswer | undefined;
    const least = threads > 1 ? LEAST_ATTEMPTS : 1;
    for (let attempt = 0; attempt < least || spentUs < PATIENCE_US; attempt++) {
      const answer = await this.timer.sample(variant);
      if (answer.kind === 'invalid') return answer.failure;
      if (answer.kind !== 'time') throw new Error(`the runner answers '${answer.kind}' to a sample`);
      this.taken++;
      spentUs += answer.timeUs * answer.calls;
      if (calmest === undefined || answer.waited < calmest.waited) calmest = answer;
      if (answer.waited > MOST_WAITED) continue;
      this.clean++;
      this.shortest = Math.min(this.shortest, answer.timeUs * threads);
      return { state: 'timed', timeUs: answer.timeUs };
    }
    if (calmest === undefined || calmest.waited > MOST_CORRECTED || threads > 1) return { state: 'dropped' };
    this.corrected++;
    return { state: 'timed', timeUs: calmest.timeUs * (1 - calmest.waited) };
  }

  environment(): Readonly<Record<string, string | number | boolean>> {
    const share = this.taken === 0 ? 1 : this.clean / this.taken;
    return {
      ...this.around,
      freshProcess: this.owned,
      samples: this.taken,
      cleanShare: share,
      corrected: this.corrected,
      ...this.reached(),
    };
  }

  /** The most that a thread of a clean sample did of what the limits say. */
  private reached(): Readonly<Record<string, number>> {
    if (!Number.isFinite(this.shortest)) return {};
    const { multiplyAdds, streamed } = this.work;
    const speed = streamed && streamed.bytes / 1000 / this.shortest;
    return {
      ...(multiplyAdds > 0 && { reachedGflops: (2 * multiplyAdds) / 1000 / this.shortest }),
      ...(speed !== undefined &&
        (streamed?.like === 'copy' ? { reachedCopyGBs: speed } : { reachedTriadGBs: speed })),
    };
  }

  async close(): Promise<void> {
    if (this.owned) await this.timer.close();
  }
}
