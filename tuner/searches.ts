import { type Configuration, configurationKey, type Parameter } from '../search-space/parameter.ts';
import type { Permitted } from '../search-space/restriction.ts';
import type { Proposal, SettledTrial } from '../store/trial.ts';
import { mechanismsOf, type Region } from './attribution/regions.ts';
import { Retries } from './retries.ts';
import type { Observation, Strategy, Suggestion } from './strategies/_base.ts';
import type { Study } from './study.ts';

const NONE: ReadonlySet<string> = new Set();

/** Every so many of a region's trials is another region's best, brought over. */
const BROUGHT = 4;

/**
 * One region being searched. `given` counts the settled trials proposed on its behalf; `best` is the
 * fastest configuration in it so far; `brought` what the bests of other regions become here, by their keys.
 */
type Search = {
  readonly region: Region;
  readonly strategy: Strategy;
  readonly weight: number;
  readonly brought: Map<string, Proposal | undefined>;
  given: number;
  best?: Readonly<{ key: string; digits: Int32Array; timeUs: number }>;
};

/**
 * Splits a study's trials over its regions: one strategy a region, each observing every trial that
 * lies in it. Which region is asked next follows from the trials alone, so it can be replayed.
 *
 * A gain compares the bests of two regions, so what one finds is tried in the others, changed in as
 * little as need be: a gain must not come from one side having been searched better.
 */
export class Searches {
  readonly #study: Study;
  readonly #searches: readonly Search[];
  readonly #known: readonly Proposal[];
  readonly #seen = new Set<string>();
  readonly #retries = new Retries(({ configuration }) => this.#keyOf(configuration));

  constructor(study: Study, regions: readonly Region[], trialCostMs?: number) {
    this.#study = study;
    const all = mechanismsOf(study.space.parameters).size;
    this.#searches = regions.map((region) => ({
      region,
      strategy: study.strategy.create({
        space: region.space,
        seed: study.seed,
        ...(trialCostMs !== undefined && { trialCostMs }),
        ...(study.prior && { prior: study.prior }),
      }),
      weight: weightOf(region, all),
      brought: new Map(),
      given: 0,
    }));
    this.#known = knownProposals(study, regions);
  }

  observe(trials: readonly SettledTrial[]): void {
    for (const { configuration } of trials) this.#seen.add(this.#keyOf(configuration));
    this.#retries.observe(trials);
    for (const search of this.#searches) {
      const { space, name } = search.region;
      search.strategy.observe(
        trials.flatMap((trial) => observationOf(trial, space.indexOf(trial.configuration))),
      );
      search.given += trials.filter(({ subset }) => subset === name).length;
      for (const trial of trials) this.#keepBest(search, trial);
    }
  }

  #keepBest(search: Search, trial: SettledTrial): void {
    if (trial.state !== 'timed' || trial.timeUs >= (search.best?.timeUs ?? Number.POSITIVE_INFINITY)) return;
    const index = search.region.space.indexOf(trial.configuration);
    if (index < 0) return;
    const digits = search.region.space.digitsAt(index);
    search.best = { key: this.#keyOf(trial.configuration), digits, timeUs: trial.timeUs };
  }

  /**
   * Up to `count` different configurations that nobody has tried, or not without being disturbed, and
   * that are not among those (by their `configurationKey`) which somebody is measuring; none when every
   * region is exhausted.
   */
  propose(count: number, taken: ReadonlySet<string> = NONE): readonly Proposal[] {
    const free = ({ configuration }: Proposal): boolean => !taken.has(this.#keyOf(configuration));
    const known = this.#known.filter(({ configuration }) => !this.#seen.has(this.#keyOf(configuration)));
    const first = [...known, ...this.#retries.due()].filter(free);
    if (first.length > 0) return first.slice(0, count);
    const fresh = this.#fresh(count, taken);
    return fresh.length > 0 ? fresh : this.#retries.due(true).filter(free).slice(0, count);
  }

  #fresh(count: number, taken: ReadonlySet<string>): readonly Proposal[] {
    const chosen = new Map<string, Proposal>();
    let open = this.#searches;
    while (open.length > 0 && chosen.size === 0) {
      const exhausted = new Set<Search>();
      for (const [search, share] of shares(open, count)) {
        const brought = this.#bringOver(search, taken);
        const suggestions = search.strategy.suggest(share + taken.size);
        const free = suggestions
          .map((suggestion) => proposalOf(search.region, suggestion))
          .filter(({ configuration }) => !taken.has(this.#keyOf(configuration)));
        if (brought !== undefined) free.unshift(brought);
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

  /** The fastest of the other regions' bests that is new here, with as little changed as this region asks. */
  #bringOver(search: Search, taken: ReadonlySet<string>): Proposal | undefined {
    if (search.given % BROUGHT > 0) return undefined;
    const bests = this.#searches.flatMap(({ best }) => best ?? []).sort((a, b) => a.timeUs - b.timeUs);
    for (const best of bests) {
      if (!search.brought.has(best.key))
        search.brought.set(best.key, counterpart(search.region, best.digits));
      const proposal = search.brought.get(best.key);
      if (proposal === undefined) continue;
      const key = this.#keyOf(proposal.configuration);
      if (!this.#seen.has(key) && !taken.has(key)) return proposal;
    }
    return undefined;
  }

  #keyOf(configuration: Configuration): string {
    return configurationKey(this.#study.space.parameters, configuration);
  }
}

/** Who gets how many of the next `count` trials: always the one furthest behind its weight (Webster's method). */
function shares(searches: readonly Search[], count: number): ReadonlyMap<Search, number> {
  const shared = new Map<Search, number>();
  const need = (search: Search): number => (search.given + (shared.get(search) ?? 0) + 0.5) / search.weight;
  for (let trial = 0; trial < count; trial++) {
    const neediest = searches.reduce((a, b) => (need(b) < need(a) ? b : a));
    shared.set(neediest, (shared.get(neediest) ?? 0) + 1);
  }
  return shared;
}

function counterpart({ name, space }: Region, digits: Int32Array): Proposal | undefined {
  const index = space.nearest(digits);
  return index < 0 ? undefined : { configuration: space.at(index), subset: name, origin: 'counterpart' };
}

function proposalOf({ name, space }: Region, { index, ...suggestion }: Suggestion): Proposal {
  return { ...suggestion, configuration: space.at(index), subset: name };
}

/**
 * A third of the trials for the whole space, whose best is the first number of every report; the other
 * subsets equal shares, and half a share to the regions that only split a gain.
 */
function weightOf(region: Region, mechanisms: number): number {
  if (region.permitted === undefined) return 0.5;
  return region.permitted.size === mechanisms ? 4 : 1;
}

/** The default, what the user knows to be good, and the default cut down to each subset. */
function knownProposals(study: Study, regions: readonly Region[]): readonly Proposal[] {
  const whole = regions.filter(({ permitted }) => permitted !== undefined).at(-1)?.name ?? 'scalar';
  const proposals: Proposal[] = [
    { configuration: study.default, subset: whole, origin: 'default' },
    ...study.start.map((configuration) => ({ configuration, subset: whole, origin: 'start' })),
  ];
  for (const { name, permitted, space } of regions) {
    if (permitted === undefined) continue;
    const configuration = cutDown(study.default, study.space.parameters, permitted);
    if (space.has(configuration)) proposals.push({ configuration, subset: name, origin: 'default' });
  }
  const seen = new Set<string>();
  return proposals.filter(({ configuration }) => {
    const key = configurationKey(study.space.parameters, configuration);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function cutDown(
  configuration: Configuration,
  parameters: readonly Parameter[],
  permitted: Permitted,
): Configuration {
  return Object.fromEntries(
    parameters.map(({ name, tag, off }) => [
      name,
      tag !== 'schedule' && !permitted.has(tag) && off !== undefined ? off : configuration[name],
    ]),
  );
}

function observationOf(trial: SettledTrial, index: number): readonly Observation[] {
  if (index < 0) return [];
  return trial.state === 'timed'
    ? [{ index, state: 'timed', timeUs: trial.timeUs }]
    : [{ index, state: 'invalid', reason: trial.reason }];
}
