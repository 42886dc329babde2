import { InputError } from '../../search-space/input-error.ts';
import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { Environment, StudyRecord, VisitRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { Outcome, Proposal } from '../../store/trial.ts';
import type { Settled, VisitStore } from '../../store/visit-store.ts';
import { mechanismsOf } from '../../tuner/attribution/subspaces.ts';
import type { Clock } from '../../tuner/clock.ts';
import type { Listener } from '../../tuner/events.ts';
import { judged } from '../../tuner/objectives/judge.ts';
import { readObjective } from '../../tuner/objectives/objective.ts';
import type { BuildQueue } from './build-queue.ts';
import { Busy } from './busy.ts';
import type { ExternalRequest, ExternalStudy, HarnessQuestions, StudyQuestions } from './messages.ts';

/** Studies whose spaces wait to be built. */
const MOST_OPENING = 16;

/** Of a study's first trials each result counts at once: proposals ahead, without it, would cost a search its start. */
const AHEAD_FROM = 16;

/** The dependencies of `AskTell`. */
export type AskTellWorld = Readonly<{
  store: StudyStore & VisitStore;
  clock: Clock;
  listen: Listener;
  toolVersion: string;
  environment: Environment;
  /** Builds spaces of new studies: it may take long, and no other question should wait for it. */
  builder: Pick<BuildQueue, 'openExternal'>;
  questions: HarnessQuestions;
}>;

/** A trial that a harness was given to measure. */
export type Lease = Readonly<{ proposal: Proposal; leaseMs: number }>;

/** A harness's result for a configuration: its times, or why it could not be measured. */
export type Told = Readonly<{ configuration: Configuration; outcome: Outcome }>;

type Leased = Readonly<{ proposal: Proposal; until: number }>;

type Open = {
  readonly study: StudyRecord;
  readonly asked: ExternalStudy;
  readonly visit: VisitRecord;
  readonly began: number;
  readonly leases: Map<string, Leased>;
  /** How many of its trials are settled. */
  settled: number;
  /** Proposals for the next request, made while the harness measures. */
  ahead: Promise<readonly Proposal[]>;
  /** Requests for one study are handled one after the other. */
  turn: Promise<unknown>;
};

/**
 * Studies measured by an external harness: it asks for configurations and tells their times. A trial
 * that is not told before its lease ends is given up and proposed again; a late result still counts.
 */
export class AskTell {
  readonly #world: AskTellWorld;
  readonly #open = new Map<string, Open>();
  #opening = 0;

  constructor(world: AskTellWorld) {
    this.#world = world;
  }

  /**
   * Throws InputError for a space that cannot be read or built, and Busy where too many wait to be built, or where
   * the client left meanwhile.
   */
  async openStudy(request: ExternalRequest, left: AbortSignal): Promise<Pick<StudyRecord, 'id' | 'state'>> {
    if (this.#opening >= MOST_OPENING)
      throw new Busy(`${MOST_OPENING} studies are being opened; try again later`);
    this.#opening++;
    try {
      const opened = await this.#world.builder.openExternal(request, left);
      const study = await this.#world.store.study(opened.id);
      if (study !== undefined) await this.#world.questions.prepare(externalStudy(study));
      return opened;
    } finally {
      this.#opening--;
    }
  }

  /** Up to `count` trials to measure; none when every configuration is leased or has a result. */
  ask(study: StudyRecord, count: number, leaseMs: number): Promise<readonly Lease[]> {
    return this.#inTurn(study, async (open) => {
      await this.#giveUpLate(open);
      const proposals = await this.#take(open, count);
      await this.#world.store.markRunning(study.id, proposals);
      const until = this.#world.clock.elapsed() + leaseMs;
      for (const proposal of proposals) open.leases.set(keyOf(open, proposal), { proposal, until });
      // What fails is tried again, and told, by the next request.
      if (open.settled + open.leases.size >= AHEAD_FROM)
        open.ahead = this.#propose(open, count, []).catch(() => []);
      return proposals.map((proposal) => ({ proposal, leaseMs }));
    });
  }

  /** Settles results. Throws InputError, and stores none of them, if one is not in the space. */
  tell(study: StudyRecord, told: readonly Told[]): Promise<Settled> {
    return this.#inTurn(study, async (open) => {
      const { store, clock } = this.#world;
      const configurations = told.map(({ configuration }) => configuration);
      const misfit = await this.#world.questions.misfit(open.asked, configurations);
      if (misfit !== undefined)
        throw new InputError(`results[${misfit.place}].configuration`, misfit.problem);
      const [before] = await store.fastest(study.id, 1);
      const objective = readObjective(study.objective);
      const results = told.map(({ configuration, outcome }) => ({
        ...proposalOf(open, configuration),
        ...judged(outcome, configuration, objective),
      }));
      const activeMs = open.visit.activeMs + clock.elapsed() - open.began;
      const settled = await store.settle({ studyId: study.id, visitId: open.visit.id, activeMs, results });
      open.settled = (settled.settled.at(-1)?.number ?? open.settled - 1) + 1;
      const known = new Set(told.map((result) => keyOf(open, result)));
      for (const key of known) open.leases.delete(key);
      open.ahead = open.ahead.then((ahead) => ahead.filter((proposal) => !known.has(keyOf(open, proposal))));
      this.#announce(open, settled, before?.state === 'timed' ? before.timeUs : Number.POSITIVE_INFINITY);
      return settled;
    });
  }

  /** ln(time in µs) with its standard deviation for each configuration; null before two trials have a time. */
  async predict(
    study: StudyRecord,
    configurations: readonly Configuration[],
  ): ReturnType<StudyQuestions['predict']> {
    const { questions } = this.#world;
    const asked = externalStudy(study);
    const misfit = await questions.misfit(asked, configurations);
    if (misfit !== undefined) throw new InputError(`configurations[${misfit.place}]`, misfit.problem);
    return questions.predict(asked, configurations);
  }

  /** Gives up every trial whose lease has ended. */
  async expire(): Promise<void> {
    for (const { study } of [...this.#open.values()])
      await this.#inTurn(study, (open) => this.#giveUpLate(open));
  }

  /** Forgets a study that was stopped or cancelled; the next request for it starts a new visit. */
  forget(studyId: string): void {
    this.#open.delete(studyId);
  }

  /**
   * What was made ahead, and what it lacks. What is ahead was always made without the last request's results, so what
   * is proposed does not depend on how long the harness measures.
   */
  async #take(open: Open, count: number): Promise<readonly Proposal[]> {
    const ahead = (await open.ahead).slice(0, count);
    if (ahead.length === count) return ahead;
    return [...ahead, ...(await this.#propose(open, count - ahead.length, ahead))];
  }

  #propose(open: Open, count: number, besides: readonly Proposal[]): Promise<readonly Proposal[]> {
    const leased = [...open.leases.values()].map(({ proposal }) => proposal);
    const without = [...leased, ...besides].map(({ configuration }) => configuration);
    return this.#world.questions.propose(open.asked, count, without, open.settled);
  }

  async #giveUpLate(open: Open): Promise<void> {
    const now = this.#world.clock.elapsed();
    const late = [...open.leases].filter(([, { until }]) => until <= now);
    if (late.length === 0) return;
    for (const [key] of late) open.leases.delete(key);
    const { store } = this.#world;
    await store.abandonRunning({ studyId: open.study.id });
    await store.markRunning(
      open.study.id,
      [...open.leases.values()].map(({ proposal }) => proposal),
    );
  }

  async #inTurn<T>(study: StudyRecord, work: (open: Open) => Promise<T>): Promise<T> {
    const open = this.#open.get(study.id) ?? (await this.#begin(study));
    const result = open.turn.then(() => work(open));
    open.turn = result.catch(() => undefined);
    return result;
  }

  async #begin(study: StudyRecord): Promise<Open> {
    const { store, clock, toolVersion, environment } = this.#world;
    const visit =
      (await store.interruptedVisit(study.id)) ??
      (await store.startVisit({ studyId: study.id, budget: {}, toolVersion, environment }));
    const { settled } = await store.counts(study.id);
    const known = this.#open.get(study.id);
    if (known !== undefined) return known;
    const open: Open = {
      study,
      asked: externalStudy(study),
      visit,
      began: clock.elapsed(),
      leases: new Map(),
      settled,
      ahead: Promise.resolve([]),
      turn: Promise.resolve(),
    };
    this.#open.set(study.id, open);
    return open;
  }

  #announce(open: Open, { settled }: Settled, beforeUs: number): void {
    const { listen, clock } = this.#world;
    const last = settled.at(-1);
    if (last === undefined) return;
    const studyId = open.study.id;
    const progress = {
      settled: last.number + 1 - open.visit.trialsAtStart,
      activeMs: open.visit.activeMs + clock.elapsed() - open.began,
      now: clock.now(),
      sinceGain: 0,
    };
    listen({ kind: 'settled', studyId, trials: settled, progress });
    let bestUs = beforeUs;
    for (const trial of settled) {
      if (trial.state !== 'timed' || trial.timeUs >= bestUs) continue;
      bestUs = trial.timeUs;
      listen({ kind: 'improved', studyId, trial });
    }
  }
}

function externalStudy(study: StudyRecord): ExternalStudy {
  const { id, space, defaultConfiguration, strategy, seed, objective } = study;
  return { studyId: id, space, default: defaultConfiguration, strategy, seed, objective };
}

function keyOf({ study: { space } }: Open, { configuration }: Pick<Proposal, 'configuration'>): string {
  return configurationKey(space.parameters, configuration);
}

/** The leased proposal; for a configuration that was not leased, a proposal of origin `told`. */
function proposalOf(open: Open, configuration: Configuration): Proposal {
  const leased = open.leases.get(keyOf(open, { configuration }));
  if (leased !== undefined) return leased.proposal;
  return { configuration, subset: subsetName(mechanismsOf(open.study.space.parameters)), origin: 'told' };
}
