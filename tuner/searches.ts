import { type Configuration, configurationKey } from '../search-space/parameter.ts';
import type { Proposal, SettledTrial } from '../store/trial.ts';
import { permittedOnly, type Subspace } from './attribution/subspaces.ts';
import { type Backend, isInProcesses } from './backend.ts';
import { distinctConfigurations } from './distinct.ts';
import { LONG_RUN_US } from './measurement/time-allowance.ts';
import { LEAST_VALUE, type Objective, SHORTEST_TIME, valuesOf } from './objectives/objective.ts';
import { Retries } from './retries.ts';
import type { Observation, Strategy, Suggestion } from './strategies/_base.ts';
import type { Study } from './study-definition.ts';

const NONE_RUNNING: ReadonlySet<string> = new Set();

/** Every fourth trial of a subspace tries another subspace's best. */
const COUNTERPART_EVERY = 4;

/**
 * One subspace being searched. `trials` counts the settled trials proposed for it; `best` is the fastest
 * configuration in it so far; `counterparts` holds what the bests of other subspaces become here, by their keys.
 */
type Search = {
  readonly subspace: Subspace;
  readonly strategy: Strategy;
  readonly weight: number;
  readonly counterparts: Map<string, Proposal | undefined>;
  trials: number;
  /** The same, where long trials count as several. */
  charged: number;
  best?: Readonly<{ key: string; digits: Int32Array; timeUs: number }>;
};

/**
 * Shares a study's trials among its subspaces: one strategy a subspace, each observing every trial that
 * lies in it. Which subspace is next follows from the settled trials alone, so it can be replayed.
 *
 * A gain compares the bests of two subspaces, so the best of one is tried in the others, changed as little
 * as they require: a gain must not come from one side having been searched better.
 */
export class Searches {
  readonly #study: Study;
  readonly #searches: readonly Search[];
  readonly #initial: readonly Proposal[];
  readonly #tried = new Set<string>();
  readonly #retries: Retries;

  /** Of the fastest trial so far, where the lengths of trials are charged. Microseconds. */
  #fastestUs: number | undefined;

  /** `visitStart` is how many trials the log had when the visit began. */
  constructor(study: Study, backend?: Pick<Backend, 'timing' | 'trialCostMs'>, visitStart = 0) {
    this.#study = study;
    this.#retries = new Retries(({ configuration }) => this.#keyOf(configuration), visitStart);
    const trialCostMs = backend?.trialCostMs;
    if (backend !== undefined && isInProcesses(backend.timing)) this.#fastestUs = Number.POSITIVE_INFINITY;
    const { all, mechanisms } = study.subspaces;
    const searched = all.filter(({ isAside }) => isAside !== true);
    this.#searches = searched.map((subspace) => ({
      subspace,
      strategy: study.strategy.create({
        space: subspace.space,
        seed: study.seed,
        ...(trialCostMs !== undefined && { trialCostMs }),
        ...(study.prior && { prior: study.prior }),
      }),
      weight: weightOf(subspace, mechanisms.size),
      counterparts: new Map(),
      trials: 0,
      charged: 0,
    }));
    this.#initial = initialProposals(study);
  }

  observe(trials: readonly SettledTrial[]): void {
    for (const { configuration } of trials) this.#tried.add(this.#keyOf(configuration));
    this.#retries.observe(trials);
    for (const trial of trials) this.#charge(trial);
    for (const search of this.#searches) {
      const { space, name } = search.subspace;
      search.strategy.observe(
        trials.flatMap((trial) =>
          observationOf(trial, space.indexOf(trial.configuration), this.#study.objective),
        ),
      );
      search.trials += trials.filter(({ subset }) => subset === name).length;
      for (const trial of trials) this.#keepBest(search, trial);
    }
  }

  /**
   * A trial whose runs are long is charged by the root of how much longer they are than the fastest: else the
   * time goes to scalar code, whose runs take a hundred times as long.
   */
  #charge(trial: SettledTrial): void {
    const search = this.#searches.find(({ subspace }) => subspace.name === trial.subset);
    if (search === undefined) return;
    const isCharged = trial.state === 'timed' && this.#fastestUs !== undefined;
    if (isCharged) this.#fastestUs = Math.min(trial.timeUs, this.#fastestUs ?? Number.POSITIVE_INFINITY);
    search.charged += isCharged ? Math.sqrt(lengthOf(trial.timeUs) / lengthOf(this.#fastestUs ?? 0)) : 1;
  }

  #keepBest(search: Search, trial: SettledTrial): void {
    if (trial.state !== 'timed' || trial.timeUs >= (search.best?.timeUs ?? Number.POSITIVE_INFINITY)) return;
    const index = search.subspace.space.indexOf(trial.configuration);
    if (index < 0) return;
    const digits = search.subspace.space.digitsAt(index);
    search.best = { key: this.#keyOf(trial.configuration), digits, timeUs: trial.timeUs };
  }

  /**
   * Up to `count` different configurations that have not been tried, or only disturbed, and that are not
   * `running` elsewhere (given by their `configurationKey`). None when every subspace is exhausted.
   */
  propose(count: number, running: ReadonlySet<string> = NONE_RUNNING): readonly Proposal[] {
    const isFree = ({ configuration }: Proposal): boolean => !running.has(this.#keyOf(configuration));
    const initial = this.#initial.filter(({ configuration }) => !this.#tried.has(this.#keyOf(configuration)));
    const first = [...initial, ...this.#retries.due()].filter(isFree);
    if (first.length > 0) return first.slice(0, count);
    const fresh = this.#fresh(count, running);
    return fresh.length > 0 ? fresh : this.#retries.all().filter(isFree).slice(0, count);
  }

  #fresh(count: number, running: ReadonlySet<string>): readonly Proposal[] {
    const chosen = new Map<string, Proposal>();
    let open = this.#searches;
    while (open.length > 0 && chosen.size === 0) {
      const exhausted = new Set<Search>();
      for (const [search, share] of shares(open, count)) {
        const free = this.#freeIn(search, share, running);
        if (free.length === 0) exhausted.add(search);
        for (const proposal of free.slice(0, share)) {
          const key = this.#keyOf(proposal.configuration);
          if (!chosen.has(key)) chosen.set(key, proposal);
        }
      }
      open = open.filter((search) => !exhausted.has(search));
    }
    return [...chosen.values()];
  }

  /** At least `share` proposals of one subspace, where it has so many left. */
  #freeIn(search: Search, share: number, running: ReadonlySet<string>): readonly Proposal[] {
    const counterpart = this.#counterpart(search, running);
    const suggested = search.strategy
      .suggest(share + running.size)
      .map((suggestion) => proposalOf(search.subspace, suggestion))
      .filter(({ configuration }) => !running.has(this.#keyOf(configuration)));
    return counterpart === undefined ? suggested : [counterpart, ...suggested];
  }

  /** The fastest of the other subspaces' bests that is new here once it is changed as this subspace requires. */
  #counterpart(search: Search, running: ReadonlySet<string>): Proposal | undefined {
    if (search.trials % COUNTERPART_EVERY > 0) return undefined;
    const bests = this.#searches.flatMap(({ best }) => best ?? []).sort((a, b) => a.timeUs - b.timeUs);
    for (const best of bests) {
      if (!search.counterparts.has(best.key))
        search.counterparts.set(best.key, counterpartIn(search.subspace, best.digits));
      const proposal = search.counterparts.get(best.key);
      if (proposal === undefined) continue;
      const key = this.#keyOf(proposal.configuration);
      if (!this.#tried.has(key) && !running.has(key)) return proposal;
    }
    return undefined;
  }

  #keyOf(configuration: Configuration): string {
    return configurationKey(this.#study.space.parameters, configuration);
  }
}

/** What takes less costs about as much as this. */
function lengthOf(timeUs: number): number {
  return Math.max(LONG_RUN_US, timeUs);
}

/** How many of the next `count` trials each gets: always the one furthest behind its weight (Webster's method). */
function shares(searches: readonly Search[], count: number): ReadonlyMap<Search, number> {
  const shared = new Map<Search, number>();
  const served = (search: Search): number =>
    (search.charged + (shared.get(search) ?? 0) + 0.5) / search.weight;
  for (let trial = 0; trial < count; trial++) {
    const next = searches.reduce((a, b) => (served(b) < served(a) ? b : a));
    shared.set(next, (shared.get(next) ?? 0) + 1);
  }
  return shared;
}

/** The nearest member of a subspace; undefined where it has none that is near enough. */
function counterpartIn({ name, space }: Subspace, digits: Int32Array): Proposal | undefined {
  const index = space.nearest(digits);
  return index < 0 ? undefined : { configuration: space.at(index), subset: name, origin: 'counterpart' };
}

function proposalOf({ name, space }: Subspace, { index, ...suggestion }: Suggestion): Proposal {
  return { ...suggestion, configuration: space.at(index), subset: name };
}

/**
 * A third of the trials for the whole space, whose best is the first number of every report; an equal
 * share for each other subset of mechanisms; half of that for a subspace that only splits a gain.
 */
function weightOf({ permitted }: Subspace, mechanisms: number): number {
  if (permitted === undefined) return 0.5;
  return permitted.size === mechanisms ? 4 : 1;
}

/** The default, the user's start configurations, and the default with only a subset's mechanisms on. */
function initialProposals(study: Study): readonly Proposal[] {
  const { parameters } = study.space;
  const subspaces = study.subspaces.all;
  const whole = subspaces.filter(({ permitted }) => permitted !== undefined).at(-1)?.name ?? 'scalar';
  const proposals: Proposal[] = [
    { configuration: study.default, subset: whole, origin: 'default' },
    ...study.start.map((configuration) => ({ configuration, subset: whole, origin: 'start' })),
  ];
  for (const { name, permitted, space } of subspaces) {
    if (permitted === undefined) continue;
    const configuration = permittedOnly(study.default, parameters, permitted);
    if (space.has(configuration)) proposals.push({ configuration, subset: name, origin: 'default' });
  }
  return distinctConfigurations(parameters, proposals);
}

function observationOf(
  trial: SettledTrial,
  index: number,
  objective: Objective = SHORTEST_TIME,
): readonly Observation[] {
  if (index < 0) return [];
  if (trial.state === 'invalid') return [{ index, state: 'invalid', reason: trial.reason }];
  const values = valuesOf(objective, trial);
  if (values === undefined) return [{ index, state: 'invalid', reason: 'runtime' }];
  // Strategies compute on logarithms.
  const timeUs = Math.max(LEAST_VALUE, values[0]);
  return [{ index, state: 'timed', timeUs, ...(values.length > 1 && { values }) }];
}
