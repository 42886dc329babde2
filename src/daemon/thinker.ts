import { defineSpace } from '../../search-space/define-space.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { configurationKey } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Prediction, Proposal, SettledTrial } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import { regionsOf } from '../../tuner/attribution/regions.ts';
import { pairedEncoding } from '../../tuner/models/encoding.ts';
import { fitForest, predictForest } from '../../tuner/models/forest.ts';
import { Searches } from '../../tuner/searches.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import type { AskedStudy, Question, Thought } from './messages.ts';

type Mind = { readonly space: SearchSpace; readonly searches: Searches; readonly log: SettledTrial[] };

/** Studies that are kept in mind. */
const KEPT = 16;

const TREES = 50;
const TRIES = 16;

/**
 * Thinks about studies whose trials somebody else measures. What it keeps is a fold over the stored
 * trials, brought up to date before each answer.
 */
export function createThinker(store: TrialLog): (question: Question) => Promise<Thought> {
  const minds = new Map<string, Mind>();

  const upToDate = async (study: AskedStudy): Promise<Mind> => {
    const mind = minds.get(study.studyId) ?? begin(study);
    minds.delete(study.studyId);
    minds.set(study.studyId, mind);
    const [oldest] = minds.keys();
    if (minds.size > KEPT) minds.delete(oldest);
    const fresh: SettledTrial[] = [];
    for await (const trial of store.trials(study.studyId, mind.log.length)) fresh.push(trial);
    mind.log.push(...fresh);
    mind.searches.observe(fresh);
    return mind;
  };

  return async (question) => {
    const mind = await upToDate(question.study);
    return question.kind === 'propose'
      ? { kind: 'propose', proposals: propose(mind, question.count, question.without) }
      : { kind: 'predict', predictions: predict(mind, question.study, question.configurations) };
  };
}

function begin({ studyId, space: definition, default: preferred, strategy, seed }: AskedStudy): Mind {
  const space = defineSpace(definition.parameters, definition.constraints);
  const study = {
    id: studyId,
    space,
    default: preferred,
    strategy: strategyNamed(strategy),
    seed,
    start: [],
  };
  return { space, searches: new Searches(study, regionsOf(space)), log: [] };
}

/** Up to `count` proposals besides those that somebody is measuring; none when nothing else is left. */
function propose(
  { space, searches }: Mind,
  count: number,
  without: readonly Configuration[],
): readonly Proposal[] {
  const keyOf = (configuration: Configuration): string => configurationKey(space.parameters, configuration);
  const taken = new Set(without.map(keyOf));
  const proposals: Proposal[] = [];
  // Regions may propose the same member: asked again without it, they come to others.
  while (proposals.length < count) {
    const more = searches.propose(count - proposals.length, taken);
    if (more.length === 0) break;
    proposals.push(...more);
    for (const { configuration } of more) taken.add(keyOf(configuration));
  }
  return proposals;
}

/**
 * What randomised trees grown from the study's own times say of other configurations; null before two
 * of them have a time.
 */
function predict(
  { space, log }: Mind,
  { seed }: AskedStudy,
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
