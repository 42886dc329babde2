import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import { permutation, randomFor } from '../../search-space/random.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { plainEncoding } from '../models/encoding.ts';
import { fitForest, predictForest } from '../models/forest.ts';
import { varianceShares } from '../models/functional-anova.ts';
import type { CodeEffects } from './code-effects.ts';
import { type OrUnknown, unknown } from './gain.ts';

/**
 * How much of the variance of ln(time) over all combinations of values each parameter explains, by a forest that was
 * fitted to a study's trials. Shares are from 0 to 1.
 */
export type Importance = Readonly<{
  /** Timed trials that the forest was fitted to. */
  trials: number;
  /** R² of ln(time) of trials that the forest had not seen (five-fold cross-validation). At most 1; 0 is no better than the mean. */
  fit: number;
  /** By itself; the most important first. */
  parameters: readonly Readonly<{ name: string; share: number }>[];
  /** The main pairs, beyond what each parameter explains by itself; the most important first. */
  interactions: readonly Pair[];
  /** Parameters that changed nothing in the code, and so explain nothing. */
  idle: readonly string[];
}>;

type Pair = Readonly<{ names: readonly [string, string]; share: number }>;

/** Fewer trials say too little about more than one parameter. */
export const LEAST_TRIALS = 20;
/** More cost time and hardly change shares; these are spread evenly over the study. */
const MOST_TRIALS = 400;
const TREES = 24;
/** Enough to tell how well a forest predicts. */
const TREES_OF_FOLD = 8;
const FOLDS = 5;
const MOST_INTERACTIONS = 5;
/** Smaller interactions are not worth a line. */
const LEAST_SHARE = 0.01;

const NOTHING_KNOWN: CodeEffects = Object.freeze({
  idle: [],
  bound: [],
  lacking: { parameter: '', value: '', options: [] },
});

/**
 * Of the timed trials among those given. The same for the same trials. What the code says goes first: a parameter that
 * changed nothing in it has no share, and the share of one that changed it only together with another is the pair's.
 */
export function importanceOf(
  all: readonly Parameter[],
  trials: readonly SettledTrial[],
  { idle, bound, lacking }: CodeEffects = NOTHING_KNOWN,
): OrUnknown<Importance> {
  const parameters = all.filter(({ name }) => !idle.includes(name));
  const timed = trials.filter((trial) => trial.state === 'timed');
  if (timed.length < LEAST_TRIALS) {
    const why = `${timed.length} timed trials are too few to tell what matters: at least ${LEAST_TRIALS} are needed`;
    return unknown(timed.length === 0 ? 'not tried' : 'searched too little', why);
  }
  const used = spread(timed, MOST_TRIALS);
  const random = randomFor('lacking');
  // The time of code that lacks an option is the same at any of its values; pinned, one would look like what it lacks it for.
  const isLacking = (configuration: Configuration, name: string) =>
    configuration[lacking.parameter] === lacking.value && lacking.options.includes(name);
  const digits = used.map(({ configuration }) =>
    Int32Array.from(parameters, ({ name, values }) =>
      isLacking(configuration, name)
        ? Math.floor(values.length * random())
        : values.indexOf(configuration[name]),
    ),
  );
  const logTimes = Float64Array.from(used, ({ timeUs }) => Math.log(timeUs));
  if (logTimes.every((time) => time === logTimes[0]))
    return unknown('not applicable', 'all trials took the same time, so nothing matters');
  const fit = validated(parameters, digits, logTimes);
  const { mains, pairs } = varianceShares(forestOf(parameters, digits, logTimes, TREES), parameters);
  const own = parameters.map(({ name }, place) => ({ name, share: mains[place] }));
  const told = asPairs(
    own,
    pairs.map(({ places: [a, b], share }) => ({ names: [parameters[a].name, parameters[b].name], share })),
    bound,
  );
  return {
    trials: used.length,
    fit,
    parameters: told.own.toSorted((a, b) => b.share - a.share),
    interactions: told.pairs
      .filter(({ share }) => share >= LEAST_SHARE)
      .sort((a, b) => b.share - a.share)
      .slice(0, MOST_INTERACTIONS),
    idle,
  };
}

/** The shares with those of bound parameters as their pair's. */
function asPairs(
  own: Importance['parameters'],
  pairs: readonly Pair[],
  bound: CodeEffects['bound'],
): Readonly<{ own: Importance['parameters']; pairs: Pair[] }> {
  const isBound = (name: string) => bound.some(([each]) => each === name);
  const gained = (names: Pair['names']) =>
    own
      .filter(({ name }) =>
        bound.some(([one, two]) => one === name && names.includes(one) && names.includes(two)),
      )
      .reduce((sum, { share }) => sum + share, 0);
  return {
    own: own.filter(({ name }) => !isBound(name)),
    pairs: pairs.map(({ names, share }) => ({ names, share: share + gained(names) })),
  };
}

function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);
}

function forestOf(
  parameters: readonly Parameter[],
  members: readonly Int32Array[],
  logTimes: Float64Array,
  trees: number,
) {
  const { columns, encode } = plainEncoding(parameters);
  const random = randomFor('importance', members.length);
  return fitForest(encode(members), logTimes, { trees, tries: columns, random });
}

/** R² over all folds together. */
function validated(
  parameters: readonly Parameter[],
  members: readonly Int32Array[],
  logTimes: Float64Array,
): number {
  const order = permutation(randomFor('folds'), members.length);
  const { encode } = plainEncoding(parameters);
  let missed = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const seen = order.filter((_, place) => place % FOLDS !== fold);
    const unseen = order.filter((_, place) => place % FOLDS === fold);
    const known = Float64Array.from(seen, (place) => logTimes[place]);
    const forest = forestOf(
      parameters,
      seen.map((place) => members[place]),
      known,
      TREES_OF_FOLD,
    );
    const { mean } = predictForest(forest, encode(unseen.map((place) => members[place])));
    unseen.forEach((place, i) => {
      missed += (logTimes[place] - mean[i]) ** 2;
    });
  }
  const average = logTimes.reduce((sum, time) => sum + time, 0) / logTimes.length;
  return 1 - missed / logTimes.reduce((sum, time) => sum + (time - average) ** 2, 0);
}
