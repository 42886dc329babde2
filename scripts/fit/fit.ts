import { normal, randomFor } from '../../search-space/random.ts';
import { withFigures } from '../../src/targets/npu/machine/calibration.ts';
import type { ParameterSet } from '../../src/targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import type { Observation } from '../fidelity/observations.ts';
import { nelderMead } from './nelder-mead.ts';
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
/** The factor on the number of steps for a calibration, relative to a fold of a cross-validation. */
const THOROUGH = 4;
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
 * The best fit of the free parameters, by descents in log space from the priors, each from the end of the
 * last one. A small penalty on the distance from the priors keeps a parameter that no observation
 * determines at its prior.
 */
export function bestSet(
  target: SimulatedTarget,
  plan: Plan,
  observations: readonly Observation[],
  effort = 0.5,
): ParameterSet {
  const { free } = plan;
  const cost = (at: readonly number[]) => {
    const error = errorOf(withFigures(target, figuresAt(free, at)), observations);
    return Math.sqrt(error ** 2 + PRIOR_WEIGHT * distanceFromPriors(free, at)) + outside(free, at);
  };
  let at: readonly number[] = priors(free);
  for (const size of [0.4, 0.1, 0.4, 0.03])
    at = nelderMead(cost, at, size, effort * (60 + 15 * free.length)).at;
  return figuresAt(free, at);
}

/** Logarithms of the free figures' priors. */
function priors(free: readonly FreeParameter[]): number[] {
  const logs: number[] = [];
  for (const { prior } of free) {
    const base = prior.of === undefined ? 0 : logs[free.findIndex(({ path }) => path === prior.of)];
    logs.push(base + Math.log(prior.value));
  }
  return logs;
}

/** The squared log distance from the priors; a prior that is a multiple of a free parameter moves with it. */
function distanceFromPriors(free: readonly FreeParameter[], at: readonly number[]): number {
  return free.reduce((sum, { prior }, i) => {
    const base = prior.of === undefined ? 0 : at[free.findIndex(({ path }) => path === prior.of)];
    return sum + (at[i] - base - Math.log(prior.value)) ** 2;
  }, 0);
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
  const best = bestSet(target, plan, observations, THOROUGH);
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

function figuresAt(free: readonly FreeParameter[], at: readonly number[]): ParameterSet {
  return Object.fromEntries(free.map(({ path }, i) => [path, round(Math.exp(at[i]))]));
}

/** The distance of a point from the ranges, as an error. */
function outside(free: readonly FreeParameter[], at: readonly number[]): number {
  return free.reduce(
    (sum, { low, high }, i) => sum + Math.max(0, Math.log(low) - at[i], at[i] - Math.log(high)),
    0,
  );
}

function inRange(parameters: readonly FreeParameter[], figures: ParameterSet): boolean {
  return parameters.every(({ path, low, high }) => figures[path] >= low && figures[path] <= high);
}

/** Rounds to four digits, more than the precision of any figure here. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
