import { configurationKey } from '../../search-space/parameter.ts';
import type { Proposal, Result, SettledTrial } from '../../store/trial.ts';
import type { Backend, Failure, Sample, Sampling, SideBySide } from '../backend.ts';
import type { Study } from '../study-definition.ts';
import { Baseline } from './baseline.ts';
import { Drift } from './drift.ts';
import { ExecutionTrial } from './execution-trial.ts';
import { peersOf } from './one-by-one.ts';
import { RunFailures } from './run-failures.ts';
import { fewestSamples, hasEnoughSamples } from './sample-count.ts';
import { Scatter } from './scatter.ts';
import { median } from './statistics.ts';
import type { TimeAllowance } from './time-allowance.ts';

/** Trials that are proposed together: the number of the first, and how many were settled for whoever proposed them. */
export type Together = Readonly<{ proposals: readonly Proposal[]; from: number; known: number }>;

type Trial = {
  readonly proposal: Proposal;
  readonly run: ExecutionTrial;
  isOpen: boolean;
  unready?: Failure;
};

/** What was measured of them, before it is settled. */
export type MeasuredTogether = Readonly<{
  trials: readonly Trial[];
  /** Of the default, where one was due. */
  reading: Sample | undefined;
  samples: number;
}>;

/**
 * For several devices that measure at the same time. What `execution-screening.ts` asks for one after the other is asked
 * for in passes: the first samples of all, then one more of each that may be the best. Who that is follows from the
 * trials that were settled for whoever proposed these, and from these: so it does not depend on how many devices there are.
 */
export class SideBySideScreening {
  readonly #devices: SideBySide;
  readonly #backend: Backend;
  readonly #sampling: Sampling;
  readonly #study: Study;
  readonly #log: readonly SettledTrial[];
  readonly #allowance: TimeAllowance;
  readonly #drift = new Drift();
  readonly #failures = new RunFailures();
  readonly #scatter: Scatter;
  #baseline: Baseline | undefined;
  #spentMs: () => number;

  /** The log grows while the visit goes on. */
  constructor(
    devices: SideBySide,
    backend: Backend,
    sampling: Sampling,
    study: Study,
    log: readonly SettledTrial[],
    allowance: TimeAllowance,
  ) {
    this.#devices = devices;
    this.#backend = backend;
    this.#sampling = sampling;
    this.#study = study;
    this.#log = log;
    this.#allowance = allowance;
    this.#scatter = Scatter.of(log);
    this.#spentMs = allowance.stopwatch();
  }

  hasTime(): boolean {
    return this.#allowance.hasRoomFor(1);
  }

  notes(): readonly string[] {
    return [this.#baseline?.note ?? [], this.#failures.notes()].flat();
  }

  /** Undefined if the signal aborts first. */
  async measure(together: Together, signal: AbortSignal): Promise<MeasuredTogether | undefined> {
    const { proposals, from, known } = together;
    const settled = this.#log.slice(0, known);
    const scatter = Scatter.of(settled).relative;
    const trials = proposals.map((proposal): Trial => {
      const isFirstRepeated = proposal.origin === 'default';
      return { proposal, run: new ExecutionTrial(this.#failures.ofTrial(isFirstRepeated)), isOpen: true };
    });
    const reading = this.#readDefault(together, settled, signal);
    for (let pass = 0; trials.some(({ isOpen }) => isOpen); pass++) {
      if (pass > 0 && !this.#allowance.hasRoomFor(1)) break;
      const taken = trials.map((trial, place) => this.#sampleOnce(trial, from + place, pass, signal));
      const isWhole = (await Promise.all(taken)).every((known) => known);
      if (!isWhole || signal.aborted) return undefined;
      for (const trial of trials) trial.isOpen &&= !this.#isEnough(trial, trials, settled, scatter);
    }
    const read = await reading;
    const samples = trials.reduce((sum, { run }) => sum + run.executions, read === undefined ? 0 : 1);
    return signal.aborted ? undefined : { trials, reading: read, samples };
  }

  /** Results of trials whose turn it is, in the order of their proposals. */
  settle({ trials, reading, samples }: MeasuredTogether, signal: AbortSignal): readonly Result[] {
    this.#allowance.tookTogether(this.#spentMs(), samples);
    this.#spentMs = this.#allowance.stopwatch();
    this.#baseline ??= Baseline.ofDefault(this.#backend, this.#study, this.#log);
    if (reading !== undefined) {
      this.#baseline?.observe(reading, signal);
      this.#scatter.observe(this.#drift.read(reading.state === 'timed' ? reading.timeUs : undefined));
    }
    return trials.map(({ proposal, run, unready }): Result => {
      const outcome = unready ?? run.outcome((samplesUs) => this.#timeOf(samplesUs));
      if (outcome.state === 'timed') this.#scatter.observeTrial(outcome.samplesUs, this.#isDefault(proposal));
      return { ...proposal, ...outcome };
    });
  }

  /** The samples of a pass; false where one is not known, after an interruption. */
  async #sampleOnce(trial: Trial, number: number, pass: number, signal: AbortSignal): Promise<boolean> {
    if (!trial.isOpen) return true;
    const { configuration } = trial.proposal;
    const count = pass > 0 ? 1 : fewestSamples(this.#sampling, this.#isDefault(trial.proposal));
    const first = trial.run.executions;
    const samples = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        this.#devices.sample({ configuration, trial: number, number: first + i }, signal),
      ),
    );
    for (const sample of samples) {
      if (sample === undefined) return false;
      if (sample.state === 'unready') trial.unready ??= sample.failure;
      if (trial.isOpen && sample.state !== 'unready') trial.isOpen = trial.run.take(sample) !== 'ended';
      else trial.isOpen = false;
    }
    return true;
  }

  /** A trial whose last execution failed, though it may work, has another one. */
  #isEnough(
    { proposal, run }: Trial,
    trials: readonly Trial[],
    settled: readonly SettledTrial[],
    scatter: number,
  ) {
    const { samplesUs } = run;
    if (samplesUs.length === 0) return false;
    const beside = trials.filter((other) => other.run !== run && other.proposal.subset === proposal.subset);
    return hasEnoughSamples(this.#sampling, {
      samplesUs,
      isDefault: this.#isDefault(proposal),
      timeUs: median(samplesUs),
      scatter,
      peersUs: [
        ...peersOf(proposal, settled),
        ...beside.flatMap(({ run: { samplesUs: its } }) => (its.length === 0 ? [] : median(its))),
      ],
    });
  }

  async #readDefault(
    { proposals, from }: Together,
    settled: readonly SettledTrial[],
    signal: AbortSignal,
  ): Promise<Sample | undefined> {
    const isDue = Drift.isDueWithin(from, from + proposals.length) && this.#allowance.hasRoomFor(2);
    const baseline = this.#baseline ?? Baseline.ofDefault(this.#backend, this.#study, settled);
    const variant = isDue ? await baseline?.variant(signal) : undefined;
    if (variant === undefined) return undefined;
    const { configuration } = variant;
    const sample = await this.#devices.sample({ configuration, trial: from, number: 0 }, signal);
    return sample === undefined || sample.state === 'unready' ? sample?.failure : sample;
  }

  #isDefault({ configuration }: Proposal): boolean {
    const { parameters } = this.#study.space;
    return configurationKey(parameters, configuration) === configurationKey(parameters, this.#study.default);
  }

  /** As it would have been when the default's own trial was timed. Microseconds. */
  #timeOf(samplesUs: readonly number[]): number {
    const baseline = this.#baseline;
    return median(samplesUs) * (baseline === undefined ? 1 : this.#drift.correction(baseline, this.#scatter));
  }
}
