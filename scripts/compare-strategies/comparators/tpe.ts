import { integerBelow, type Random } from '../../../search-space/random.ts';
import type { StrategyFactory, Suggestion } from '../../../tuner/strategies/_base.ts';
import type { History, PastTrial } from '../../../tuner/strategies/history.ts';
import { sequentialStrategy } from '../../../tuner/strategies/sequential.ts';
import { drawFresh, isFresh, type Turn } from '../../../tuner/strategies/turn.ts';

const OPENING = 10;
/** The share of the trials that count as good, and at most so many. */
const GOOD_SHARE = 0.15;
const MOST_GOOD = 25;
const CANDIDATES = 48;
/** Of each value, counted in advance, together for a parameter. */
const PRIOR_WEIGHT = 1;

/** Tree-structured Parzen estimators (Bergstra et al. 2011): what is likelier among the good trials than among the rest. */
export const tpe: StrategyFactory = Object.freeze({
  name: 'tpe',
  summary: 'Parzen estimators of good and bad trials',
  create: (context) => sequentialStrategy(context, () => ({ name: 'tpe', suggest: likeliest })),
});

function likeliest(turn: Turn): Suggestion | undefined {
  const { history, random } = turn;
  if (history.length < OPENING || history.ranked.length < 2) return undefined;
  const count = Math.min(MOST_GOOD, Math.ceil(history.length * GOOD_SHARE));
  const good = history.ranked.slice(0, count);
  const chosen = new Set(good);
  const bad = history.trials.filter((trial) => !chosen.has(trial));
  const [ofGood, ofBad] = [likelihoods(history, good), likelihoods(history, bad)];
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < CANDIDATES; i++) {
    const index = drawn(turn, good, random);
    const ratio = history.space
      .digitsAt(index)
      .reduce((sum, digit, place) => sum + ofGood[place][digit] - ofBad[place][digit], 0);
    if (ratio <= most) continue;
    [best, most] = [index, ratio];
  }
  return { index: best, origin: 'tpe' };
}

/** ln of the probability of each value of each parameter. */
function likelihoods({ space }: History, trials: readonly PastTrial[]): readonly Float64Array[] {
  return space.parameters.map(({ values }, place) => {
    const counts = new Float64Array(values.length).fill(PRIOR_WEIGHT / values.length);
    for (const { digits } of trials) counts[digits[place]]++;
    return counts.map((weight) => Math.log(weight / (trials.length + PRIOR_WEIGHT)));
  });
}

/** Each value of a good trial of its own; a random fresh member where that is none. */
function drawn(turn: Turn, good: readonly PastTrial[], random: Random): number {
  const { space } = turn.history;
  const digits = Int32Array.from(space.parameters, ({ values }, place) =>
    random() < PRIOR_WEIGHT / (good.length + PRIOR_WEIGHT)
      ? integerBelow(random, values.length)
      : good[integerBelow(random, good.length)].digits[place],
  );
  const index = space.indexOfDigits(digits);
  return isFresh(turn, index) ? index : drawFresh(turn);
}
