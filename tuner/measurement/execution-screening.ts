import type { Proposal, Result, SettledTrial } from '../../store/trial.ts';
import type { Backend, Sampling, TimingSession, Variant } from '../backend.ts';
import type { Study } from '../study-definition.ts';
import type { Screening } from './_base.ts';
import { Baseline } from './baseline.ts';
import { Drift } from './drift.ts';
import { ExecutionTrial } from './execution-trial.ts';
import { oneByOne, peersOf } from './one-by-one.ts';
import { prepareVariant } from './prepare-variant.ts';
import { RunFailures } from './run-failures.ts';
import { hasEnoughSamples } from './sample-count.ts';
import { Scatter } from './scatter.ts';
import { median } from './statistics.ts';
import type { TimeAllowance } from './time-allowance.ts';

/** Of the time that was asked for, what one trial's slow executions take at most. */
const TRIAL_SHARE = 1 / 16;

/**
 * For a clock whose every sample is an execution of a program, which takes much longer than what it times.
 * Most trials are executed once: more often only where scatter leaves it open whether they are the best. The
 * default is executed now and then, not beside each: it tells how the machine drifts.
 */
export function executionScreening(
  backend: Backend,
  sampling: Sampling,
  study: Study,
  log: readonly SettledTrial[],
  allowance: TimeAllowance,
): Screening {
  const screening = new Executions(backend, sampling, study, log, allowance);
  return {
    time: oneByOne((proposal, signal) => screening.timeOne(proposal, signal)),
    hasTime: () => allowance.hasRoomFor(1),
    notes: () => screening.notes(),
  };
}

class Executions {
  readonly #drift = new Drift();
  readonly #failures = new RunFailures();
  readonly #scatter: Scatter;
  #baseline: Baseline | undefined;

  constructor(
    private readonly backend: Backend,
    private readonly sampling: Sampling,
    private readonly study: Study,
    private readonly log: readonly SettledTrial[],
    private readonly allowance: TimeAllowance,
  ) {
    this.#scatter = Scatter.of(log);
  }

  notes(): readonly string[] {
    return [this.#baseline?.note ?? [], this.#failures.notes()].flat();
  }

  async timeOne(proposal: Proposal, signal: AbortSignal): Promise<Result> {
    this.#baseline ??= Baseline.ofDefault(this.backend, this.study, this.log);
    const isDue = this.#drift.isDue && this.allowance.hasRoomFor(2);
    const beside = isDue ? await this.#baseline?.variant(signal) : undefined;
    const variant = await this.allowance.prepare(() => prepareVariant(this.backend, proposal, signal));
    if ('state' in variant) return { ...proposal, ...variant };
    const session = await this.backend.session([beside ?? [], variant].flat(), signal);
    try {
      if (beside !== undefined) await this.#readDefault(session, beside, signal);
      return { ...proposal, ...(await this.#repeat(session, variant, proposal, signal)) };
    } finally {
      this.#drift.countTrial();
      await session.close();
    }
  }

  async #readDefault(session: TimingSession, beside: Variant, signal: AbortSignal): Promise<void> {
    const sample = await this.allowance.sample(() => session.sample(beside, 0));
    this.#baseline?.observe(sample, signal);
    this.#scatter.observe(this.#drift.read(sample.state === 'timed' ? sample.timeUs : undefined));
  }

  async #repeat(session: TimingSession, variant: Variant, proposal: Proposal, signal: AbortSignal) {
    const spentMs = this.allowance.stopwatch();
    const peersUs = peersOf(proposal, this.log);
    const isDefault = proposal.origin === 'default';
    const trial = new ExecutionTrial(this.#failures.ofTrial(isDefault));
    for (;;) {
      const taken = trial.take(await this.allowance.sample(() => session.sample(variant, trial.executions)));
      if (taken === 'ended' || signal.aborted) break;
      if (taken === 'timed' && this.#isEnough(trial.samplesUs, peersUs)) break;
      const mayGoOn =
        trial.timed.length === 0 ? this.allowance.hasRoomFor(1) : this.#mayGoOn(spentMs(), trial.executions);
      if (!mayGoOn) break;
    }
    const outcome = trial.outcome((samplesUs) => this.#timeOf(samplesUs));
    if (outcome.state === 'timed') this.#scatter.observeTrial(outcome.samplesUs, isDefault);
    return outcome;
  }

  #isEnough(samplesUs: readonly number[], peersUs: readonly number[]): boolean {
    return hasEnoughSamples(this.sampling, {
      samplesUs,
      isDefault: this.#baseline === undefined,
      timeUs: this.#timeOf(samplesUs),
      scatter: this.#scatter.relative,
      peersUs,
    });
  }

  /** What the user asked for is cut short by the end of the visit only. */
  #mayGoOn(spentMs: number, executions: number): boolean {
    return this.sampling.kind === 'by rank'
      ? this.allowance.allowsTrial(spentMs, executions, TRIAL_SHARE)
      : this.allowance.hasRoomFor(1);
  }

  /** As it would have been when the default's own trial was timed. Microseconds. */
  #timeOf(samplesUs: readonly number[]): number {
    const drift = this.#baseline === undefined ? 1 : this.#drift.correction(this.#baseline, this.#scatter);
    return median(samplesUs) * drift;
  }
}
