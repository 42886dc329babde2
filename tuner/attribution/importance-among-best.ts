import type { Parameter } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { type OrUnknown, unknown } from './gain.ts';

/** A parameter's share of what tells the best tenth from all trials, with a 90 % bootstrap interval. From 0 to 1. */
export type ShareAmongBest = Readonly<{ name: string; share: number; low: number; high: number }>;

/** What matters among the fastest trials. */
export type ImportanceAmongBest = Readonly<{
  trials: number;
  /** How many of them are the best tenth. */
  best: number;
  /** The most important first. */
  parameters: readonly ShareAmongBest[];
}>;

const LEAST_BEST = 10;
const PART = 0.1;
const RESAMPLES = 200;
/**
 * Of the subset without any mechanism: its trials are slow whatever else they choose. Where the space has no mechanism,
 * every trial is of it, and none is slow for that.
 */
const SCALAR = subsetName(new Set());

/**
 * How far each parameter's values in the best tenth of the trials are from its values in all of them: the χ² distance of
 * the two distributions, less what chance alone would show (as PED-ANOVA does; Watanabe, Bansal and Hutter 2023). It says
 * what matters once a configuration is good; what matters over the whole space is mostly what makes one bad. The same for
 * the same trials.
 */
export function importanceAmongBest(
  parameters: readonly Parameter[],
  trials: readonly SettledTrial[],
): OrUnknown<ImportanceAmongBest> {
  const hasMechanisms = parameters.some(({ tag }) => tag !== 'schedule');
  const timed = trials
    .flatMap((trial) =>
      trial.state === 'timed' && !(hasMechanisms && trial.subset === SCALAR) ? [trial] : [],
    )
    .sort((a, b) => a.timeUs - b.timeUs);
  const best = Math.floor(PART * timed.length);
  if (best < LEAST_BEST) {
    const which = hasMechanisms ? 'timed trials without scalar ones' : 'timed trials';
    const why = `the best tenth of ${timed.length} ${which} is too little to tell what matters in it: at least ${LEAST_BEST} are needed`;
    return unknown(timed.length === 0 ? 'not tried' : 'searched too little', why);
  }
  const digits = timed.map(({ configuration }) =>
    parameters.map(({ name, values }) => values.indexOf(configuration[name])),
  );
  const all = Array.from(digits.keys());
  const shares = sharesOf(parameters, digits, all.slice(0, best), all);
  if (shares === undefined)
    return unknown(
      'not applicable',
      'the best tenth of the trials is like all of them, so nothing matters in it',
    );
  const random = randomFor('importance among the best', timed.length);
  const draw = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, () => from + Math.floor(random() * (to - from)));
  const resampled = Array.from({ length: RESAMPLES }, () => {
    const top = draw(0, best);
    return sharesOf(parameters, digits, top, [...top, ...draw(best, timed.length)]);
  }).filter((each) => each !== undefined);
  const found = parameters.map(({ name }, place) => {
    const sorted = resampled.map((each) => each[place]).sort((a, b) => a - b);
    const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))] ?? shares[place];
    const share = shares[place];
    return { name, share, low: Math.min(share, at(0.05)), high: Math.max(share, at(0.95)) };
  });
  return { trials: timed.length, best, parameters: found.sort((a, b) => b.share - a.share) };
}

/** A share for each parameter; undefined where no parameter differs by more than chance. */
function sharesOf(
  parameters: readonly Parameter[],
  digits: readonly (readonly number[])[],
  top: readonly number[],
  all: readonly number[],
): readonly number[] | undefined {
  const distances = parameters.map(({ values }, place) => {
    const among = (members: readonly number[]): Float64Array => {
      const counts = new Float64Array(values.length);
      for (const member of members) counts[digits[member][place]]++;
      return counts;
    };
    return distanceOf(among(top), among(all), top.length, all.length);
  });
  const sum = distances.reduce((total, distance) => total + distance, 0);
  return sum === 0 ? undefined : distances.map((distance) => distance / sum);
}

function distanceOf(top: Float64Array, all: Float64Array, topCount: number, allCount: number): number {
  let distance = 0;
  let seen = 0;
  all.forEach((count, digit) => {
    if (count === 0) return;
    seen++;
    const usual = count / allCount;
    distance += (top[digit] / topCount - usual) ** 2 / usual;
  });
  return Math.max(0, distance - (seen - 1) / topCount);
}
