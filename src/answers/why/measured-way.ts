import type { Configuration } from '../../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../../search-space/space-definition.ts';
import type { SettledTrial, TimedTrial } from '../../../store/trial.ts';
import { whyFailed } from '../../../tuner/attribution/failed-trial.ts';
import { isKnown, type OrUnknown, type Unknown, unknown } from '../../../tuner/attribution/gain.ts';
import { LEAST_TRIALS } from '../../../tuner/attribution/importance.ts';
import { fitOwnTimes } from '../../../tuner/models/own-times.ts';
import { keyOf } from '../best/robust.ts';
import { MOST_AT_ONCE, oneAtATime, type WayPoint } from './one-at-a-time.ts';
import type { KnownBy, WhyStep, WhyWay } from './step.ts';
import { withoutEffect } from './without-effect.ts';

type Known = Readonly<{ timeUs: number; how: KnownBy }>;

const NOT_TIMED = unknown('not tried', 'no trial timed it, and there are too few trials to predict it');
const NO_START = unknown('not tried', 'no trial timed the default, so a gain over it is unknown');
const NOTHING_BETWEEN = unknown(
  'searched too little',
  `no trial timed a configuration between them, and fewer than ${LEAST_TRIALS} trials predict none`,
);

/** A configuration that the final comparison timed. */
type Compared = Readonly<{ configuration: Configuration; timeUs: number }>;

/**
 * Of a measured target: a step is measured where trials timed both of its ends, else the study's own times predict the
 * other end. What failed has no time and is not predicted, and without a time of the default there is no way: a gain over
 * what does not work is none. All times are on the scale of trials, so that they compare with each other: what only the final comparison
 * timed is taken from there relative to the default.
 */
export function measuredWay(
  space: SpaceDefinition,
  {
    trials,
    between,
    compared,
    seed,
    idle = [],
  }: Readonly<{
    trials: readonly TimedTrial[];
    between: readonly SettledTrial[];
    compared: readonly Compared[];
    seed: number;
    /** Parameters that changed no code. */
    idle?: readonly string[];
  }>,
  from: Configuration,
  to: Configuration,
): OrUnknown<WhyWay> {
  const exact = [...trials, ...between.filter((trial) => trial.state === 'timed')];
  const scale = trialScale(compared, exact, from);
  const scaled = scale === null ? [] : compared.map((one) => ({ ...one, timeUs: one.timeUs * scale }));
  const { names, standIn } = withoutEffect(space, to, idle);
  const run = (configuration: Configuration): Configuration => standIn(configuration) ?? configuration;
  const keyOfRun = (configuration: Configuration): string => keyOf(run(configuration));
  const timed = [...scaled, ...exact];
  const failed = failuresIn(between, timed, keyOfRun);
  const ofRun = knowledgeOf(space, trials, timed, failed, { seed, keyOf: keyOfRun });
  const known = (configuration: Configuration): OrUnknown<Known> => ofRun(run(configuration));
  const start = known(from);
  if (!isKnown(start)) return { ...start, why: `${start.why}; a gain over the default is unknown` };
  if (start.how !== 'measured') return NO_START;
  const timeOf = (each: Configuration): number | undefined => {
    const found = standIn(each) === undefined ? NOT_TIMED : known(each);
    return isKnown(found) ? found.timeUs : undefined;
  };
  const way = oneAtATime(from, to, timeOf, names);
  if (way.length === 1 && way[0].changed.length > MOST_AT_ONCE) return NOTHING_BETWEEN;
  const tried = new Set(exact.map(({ configuration }) => keyOfRun(configuration)));
  const comparedOnly = new Set(
    scaled.map(({ configuration }) => keyOfRun(configuration)).filter((key) => !tried.has(key)),
  );
  const isScaled = [from, ...way.map(({ configuration }) => configuration)].some((each) =>
    comparedOnly.has(keyOfRun(each)),
  );
  return {
    startUs: start.timeUs,
    startHow: start.how,
    steps: stepsOf(way, from, known),
    comparedTimes: isScaled ? scale : null,
  };
}

function stepsOf(
  way: readonly WayPoint[],
  from: Configuration,
  known: (configuration: Configuration) => OrUnknown<Known>,
): readonly WhyStep[] {
  return way.map(({ changed, configuration }, place): WhyStep => {
    const earlier = place === 0 ? from : way[place - 1].configuration;
    const [before, after] = [known(earlier), known(configuration)];
    const isMeasured = [before, after].every((end) => isKnown(end) && end.how === 'measured');
    return {
      changes: changed.map((parameter) => ({
        parameter,
        from: earlier[parameter],
        to: configuration[parameter],
      })),
      timeUs: isKnown(after) ? after.timeUs : after,
      gain: gainOf(before, after),
      how: isMeasured ? 'measured' : 'predicted',
      causes: [],
    };
  });
}

function gainOf(before: OrUnknown<Known>, after: OrUnknown<Known>): number | Unknown {
  if (!isKnown(before)) return before;
  return isKnown(after) ? before.timeUs / after.timeUs : after;
}

/** How much longer or shorter the default took as a trial than in the final comparison; null where it is not in that. */
function trialScale(
  compared: readonly Compared[],
  trials: readonly TimedTrial[],
  preferred: Configuration,
): number | null {
  const timeIn = (timed: readonly Compared[]): number | undefined =>
    timed.find(({ configuration }) => keyOf(configuration) === keyOf(preferred))?.timeUs;
  const [tried, again] = [timeIn(trials), timeIn(compared)];
  return again === undefined ? null : (tried ?? again) / again;
}

/** What failed and was never timed, with what its last trial ended as. */
function failuresIn(
  between: readonly SettledTrial[],
  timed: readonly Compared[],
  keyOf: (configuration: Configuration) => string,
): ReadonlyMap<string, Unknown> {
  const works = new Set(timed.map(({ configuration }) => keyOf(configuration)));
  return new Map(
    between.flatMap((trial) => {
      const key = keyOf(trial.configuration);
      const failure = whyFailed(trial);
      return failure === undefined || works.has(key) ? [] : [[key, failure] as const];
    }),
  );
}

/** A configuration's time by its trial, else by trees on all trials where these are enough to fit some. */
function knowledgeOf(
  { parameters }: SpaceDefinition,
  trials: readonly TimedTrial[],
  timed: readonly Compared[],
  failed: ReadonlyMap<string, Unknown>,
  { seed, keyOf }: Readonly<{ seed: number; keyOf: (configuration: Configuration) => string }>,
): (configuration: Configuration) => OrUnknown<Known> {
  const times = new Map(timed.map(({ configuration, timeUs }) => [keyOf(configuration), timeUs]));
  const predict = trials.length < LEAST_TRIALS ? undefined : fitOwnTimes(parameters, trials, seed);
  return (configuration) => {
    const timeUs = times.get(keyOf(configuration));
    if (timeUs !== undefined) return { timeUs, how: 'measured' };
    const failure = failed.get(keyOf(configuration));
    if (failure !== undefined) return failure;
    const hasValues = parameters.every(({ name, values }) => values.includes(configuration[name]));
    const [predicted] = hasValues ? (predict?.([configuration]) ?? []) : [];
    return predicted === undefined ? NOT_TIMED : { timeUs: Math.exp(predicted.meanLog), how: 'predicted' };
  };
}
