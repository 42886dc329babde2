import type { Configuration } from '../../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../../search-space/space-definition.ts';
import type { TimedTrial } from '../../../store/trial.ts';
import { isKnown, type OrUnknown, type Unknown, unknown } from '../../../tuner/attribution/gain.ts';
import { LEAST_TRIALS } from '../../../tuner/attribution/importance.ts';
import { fitOwnTimes } from '../../../tuner/models/own-times.ts';
import { keyOf } from '../best/robust.ts';
import { memberTest } from './member-test.ts';
import { MOST_AT_ONCE, oneAtATime, type WayPoint } from './one-at-a-time.ts';
import type { KnownBy, WhyStep, WhyWay } from './step.ts';

type Known = Readonly<{ timeUs: number; how: KnownBy }>;

const NOT_TIMED = unknown('not tried', 'no trial timed it, and there are too few trials to predict it');
const NOTHING_BETWEEN = unknown(
  'searched too little',
  `no trial timed a configuration between them, and fewer than ${LEAST_TRIALS} trials predict none`,
);

/** A configuration that the final comparison timed. */
type Compared = Readonly<{ configuration: Configuration; timeUs: number }>;

/**
 * Of a measured target: a step is measured where trials timed both of its ends, else the study's own times predict the
 * other end. All times are on the scale of trials, so that they compare with each other: what only the final comparison
 * timed is taken from there relative to the default.
 */
export function measuredWay(
  space: SpaceDefinition,
  {
    trials,
    compared,
    seed,
  }: Readonly<{ trials: readonly TimedTrial[]; compared: readonly Compared[]; seed: number }>,
  from: Configuration,
  to: Configuration,
): OrUnknown<WhyWay> {
  const known = knowledgeOf(space, trials, onTrialScale(compared, trials, from), seed);
  const start = known(from);
  if (!isKnown(start)) return start;
  const isPossible = memberTest(space);
  const way = oneAtATime(from, to, (each) => {
    const found = isPossible(each) ? known(each) : NOT_TIMED;
    return isKnown(found) ? found.timeUs : undefined;
  });
  if (way.length === 1 && way[0].changed.length > MOST_AT_ONCE) return NOTHING_BETWEEN;
  return { startUs: start.timeUs, startHow: start.how, steps: stepsOf(way, from, known) };
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

/** Compared times, as trials would have timed them if all took as much longer or shorter as the default. */
function onTrialScale(
  compared: readonly Compared[],
  trials: readonly TimedTrial[],
  preferred: Configuration,
): readonly Compared[] {
  const timeIn = (timed: readonly Compared[]): number | undefined =>
    timed.find(({ configuration }) => keyOf(configuration) === keyOf(preferred))?.timeUs;
  const [tried, again] = [timeIn(trials), timeIn(compared)];
  if (again === undefined) return [];
  return compared.map((one) => ({ ...one, timeUs: (one.timeUs * (tried ?? again)) / again }));
}

/** A configuration's time by its trial, else by trees on all trials where these are enough to fit some. */
function knowledgeOf(
  { parameters }: SpaceDefinition,
  trials: readonly TimedTrial[],
  compared: readonly Compared[],
  seed: number,
): (configuration: Configuration) => OrUnknown<Known> {
  const timed = new Map(
    [...compared, ...trials].map(({ configuration, timeUs }) => [keyOf(configuration), timeUs]),
  );
  const predict = trials.length < LEAST_TRIALS ? undefined : fitOwnTimes(parameters, trials, seed);
  return (configuration) => {
    const timeUs = timed.get(keyOf(configuration));
    if (timeUs !== undefined) return { timeUs, how: 'measured' };
    const hasValues = parameters.every(({ name, values }) => values.includes(configuration[name]));
    const [predicted] = hasValues ? (predict?.([configuration]) ?? []) : [];
    return predicted === undefined ? NOT_TIMED : { timeUs: Math.exp(predicted.meanLog), how: 'predicted' };
  };
}
