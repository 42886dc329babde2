import { normal, randomFor } from '../../search-space/random.ts';
import { descend } from '../../src/targets/npu/fit/least-squares.ts';
import { withFigures } from '../../src/targets/npu/machine/calibration.ts';
import { type ParameterSet, shareOf } from '../../src/targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import type { Observation } from '../fidelity/observations.ts';
import type { FreeParameter, Plan } from './plans.ts';
import { Spread } from './spread.ts';

/** The number of accepted sets, the nominal one among them. */
const SETS = 40;
/** Steps of the walk between sets that are kept, and their size (standard deviation of a logarithm). */
const KEPT_EVERY = 64;
const STEP = 0.06;
/**
 * The largest excess over the best set's error (root mean square of log ratios) of an accepted set. It is the model's
 * misfit: fits without a figure miss that figure by 11 % (rms), which over eight weighted figures and at 90 % of one
 * parameter's distribution is an error of 0.06.
 */
export const TOLERANCE = 0.05;
/** Shares of a range by which parameters are moved for differences, descent by descent, and the steps of each. */
const STEPS = [0.2, 0.05, 0.2, 0.01, 0.002];
const ITERATIONS = 30;
/** The weight of a squared log distance from a prior. */
const PRIOR_WEIGHT = 1e-3;

export type Fit = Readonly<{ error: number; sets: readonly ParameterSet[] }>;

/** Root mean square of ln(simulated / published), weighted by how far a figure is trusted. */
export function errorOf(target: SimulatedTarget, observations: readonly Observation[]): number {
  let sum = 0;
  let weights = 0;
  for (const { published, simulate, weight } of observations) {
    sum += weight * Math.log(simulate(target) / Number(published)) ** 2;
    weights += weight;
  }
  return Math.sqrt(sum / weights);
}

/** Whether the error is at most this. Most targets of a walk are not accepted, and the first figures show it. */
function isWithin(target: SimulatedTarget, observations: readonly Observation[], most: number): boolean {
  let left = most ** 2 * observations.reduce((sum, { weight }) => sum + weight, 0);
  return observations.every(({ published, simulate, weight }) => {
    left -= weight * Math.log(simulate(target) / Number(published)) ** 2;
    return left >= 0;
  });
}

/**
 * The best fit of the free parameters, by descents of which the first starts at the priors, each of the others where one
 * has ended. A small penalty on the distance from the priors keeps a parameter that no observation determines at its prior.
 */
export function bestSet(
  target: SimulatedTarget,
  plan: Plan,
  observations: readonly Observation[],
): ParameterSet {
  const { free } = plan;
  const weights = observations.reduce((sum, { weight }) => sum + weight, 0);
  const residuals = (at: readonly number[]): readonly number[] => {
    const fitted = withFigures(target, figuresAt(free, at));
    return [
      ...observations.map(
        ({ published, simulate, weight }) =>
          Math.sqrt(weight / weights) * Math.log(simulate(fitted) / Number(published)),
      ),
      ...offPriors(free, at).map((off) => Math.sqrt(PRIOR_WEIGHT) * off),
    ];
  };
  const problem = { residuals, centre: free.map(() => 0), pull: 0 };
  let at: readonly number[] = priorPlace(free);
  for (const step of STEPS) at = descend({ ...problem, steps: free.map(() => step) }, at, ITERATIONS).at;
  return Object.fromEntries(Object.entries(figuresAt(free, at)).map(([path, value]) => [path, round(value)]));
}

/** The priors as shares of the logarithms of their ranges. */
function priorPlace(free: readonly FreeParameter[]): readonly number[] {
  const values: number[] = [];
  for (const { prior } of free) {
    const base = prior.of === undefined ? 1 : values[free.findIndex(({ path }) => path === prior.of)];
    values.push(base * prior.value);
  }
  return free.map(({ low, high }, i) => Math.min(1, Math.max(0, shareOf([low, high], values[i]))));
}

/** Log distances from the priors; a prior that is a multiple of a free parameter moves with it. */
function offPriors(free: readonly FreeParameter[], at: readonly number[]): readonly number[] {
  const figures = figuresAt(free, at);
  return free.map(({ path, prior }) =>
    Math.log(figures[path] / prior.value / (prior.of === undefined ? 1 : figures[prior.of])),
  );
}

function figuresAt(free: readonly FreeParameter[], at: readonly number[]): ParameterSet {
  return Object.fromEntries(free.map(({ path, low, high }, i) => [path, low * (high / low) ** at[i]]));
}

/**
 * The best set, and others that fit nearly as well: a random walk from it in log space that stays where the error is
 * accepted, so that it follows ridges along which two parameters make up for each other; every few steps are kept.
 * The figures that are not fitted take part within their stated ranges (`spread.ts`). Seeded.
 */
export function fit(
  target: SimulatedTarget,
  plan: Plan,
  observations: readonly Observation[],
  seed: number,
): Fit {
  const best = bestSet(target, plan, observations);
  const nominal = withFigures(target, best);
  const error = errorOf(nominal, observations);
  const random = randomFor(seed, target.name, 'sets');
  const spread = new Spread(target, nominal, plan, observations, SETS);
  const walked: ParameterSet[] = [best];
  while (walked.length <= (SETS - 1) * KEPT_EVERY) {
    const from = walked[walked.length - 1];
    const drawn = spread.next(from, Math.ceil(walked.length / KEPT_EVERY), random);
    for (const { path } of plan.free) drawn[path] = round(from[path] * Math.exp(STEP * normal(random)));
    if (!inRange(plan.free, drawn)) continue;
    if (isWithin(withFigures(target, drawn), observations, error + TOLERANCE)) walked.push(drawn);
  }
  return { error, sets: walked.filter((_, place) => place % KEPT_EVERY === 0) };
}

function inRange(parameters: readonly FreeParameter[], figures: ParameterSet): boolean {
  return parameters.every(({ path, low, high }) => figures[path] >= low && figures[path] <= high);
}

/** Rounds to four digits, more than the precision of any figure here. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
