import { defineSpace } from '../../search-space/define-space.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { configurationKey } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Prediction, Proposal, SettledTrial } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import { subspacesOf } from '../../tuner/attribution/subspaces.ts';
import { pairedEncoding } from '../../tuner/models/encoding.ts';
import { fitForest, predictForest } from '../../tuner/models/forest.ts';
import { Searches } from '../../tuner/searches.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { Latest } from './latest.ts';
import type { ExternalStudy } from './messages.ts';

/** A study's searches, and the settled trials that they have observed. */
type ExternalSearch = {
  readonly space: SearchSpace;
  readonly searches: Searches;
  readonly log: SettledTrial[];
};

/** Studies cached by this worker. */
const MOST = 16;

const TREES = 50;
const TRIES = 16;

/**
 * Proposes and predicts for studies measured by an external harness. Its state is a fold over the stored
 * trials, brought up to date before each answer.
 */
export class ExternalStudies {
  readonly #store: TrialLog;
  readonly #known = new Latest<ExternalSearch>(MOST);

  constructor(store: TrialLog) {
    this.#store = store;
  }

  /** Up to `count` proposals, none of them in `without`; fewer when no other configuration is left. */
  async propose(
    study: ExternalStudy,
    count: number,
    without: readonly Configuration[],
  ): Promise<readonly Proposal[]> {
    return propose(await this.#upToDate(study), count, without);
  }

  /** Predicts from the study's own times; null before two trials have a time. */
  async predict(
    study: ExternalStudy,
    configurations: readonly Configuration[],
  ): Promise<readonly Prediction[] | null> {
    return predict(await this.#upToDate(study), study, configurations);
  }

  async #upToDate(study: ExternalStudy): Promise<ExternalSearch> {
    const search = await this.#known.get(study.studyId, () => begin(study));
    const fresh: SettledTrial[] = [];
    for await (const trial of this.#store.trials(study.studyId, search.log.length)) fresh.push(trial);
    search.log.push(...fresh);
    search.searches.observe(fresh);
    return search;
  }
}

function begin({
  studyId,
  space: definition,
  default: preferred,
  strategy,
  seed,
}: ExternalStudy): ExternalSearch {
  const space = defineSpace(definition.parameters, definition.constraints);
  const study = {
    id: studyId,
    space,
    default: preferred,
    strategy: strategyNamed(strategy),
    seed,
    start: [],
  };
  return { space, searches: new Searches(study, subspacesOf(space)), log: [] };
}

function propose(
  { space, searches }: ExternalSearch,
  count: number,
  without: readonly Configuration[],
): readonly Proposal[] {
  const keyOf = (configuration: Configuration): string => configurationKey(space.parameters, configuration);
  const taken = new Set(without.map(keyOf));
  const proposals: Proposal[] = [];
  // Two subspaces may propose the same configuration: ask again without it.
  while (proposals.length < count) {
    const more = searches.propose(count - proposals.length, taken);
    if (more.length === 0) break;
    proposals.push(...more);
    for (const { configuration } of more) taken.add(keyOf(configuration));
  }
  return proposals;
}

/** Predicts by randomised trees fitted to the study's own times; null before two trials have a time. */
function predict(
  { space, log }: ExternalSearch,
  { seed }: ExternalStudy,
  configurations: readonly Configuration[],
): readonly Prediction[] | null {
  const timed = log
    .filter((trial) => trial.state === 'timed')
    .filter(({ configuration }) => space.has(configuration));
  if (timed.length < 2) return null;
  const { encode } = pairedEncoding(space.parameters);
  const features = encode(timed.map(({ configuration }) => digitsOf(space, configuration)));
  const logTimes = Float64Array.from(timed, ({ timeUs }) => Math.log(timeUs));
  const random = randomFor(seed, 'predict', timed.length);
  const forest = fitForest(features, logTimes, { trees: TREES, tries: TRIES, random });
  const asked = encode(configurations.map((configuration) => digitsOf(space, configuration)));
  const { mean, sd } = predictForest(forest, asked);
  return configurations.map((_, i) => ({ meanLog: mean[i], sdLog: sd[i] }));
}

function digitsOf(space: SearchSpace, configuration: Configuration): Int32Array {
  return space.digitsAt(space.indexOf(configuration));
}
