import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { Metrics, SettledTrial, TimedTrial } from '../../store/trial.ts';
import { microseconds } from '../attribution/gain.ts';
import type { Contender } from '../measurement/entrant.ts';
import type { Study } from '../study-definition.ts';
import { paretoOptima, type Values } from './front.ts';
import { brokenLimit, limitText, type Objective, valuesOf } from './objective.ts';

/** A configuration with its time in microseconds and its metrics, from the final comparison, or else from its trial. */
export type FrontMember = Readonly<{
  configuration: Configuration;
  timeUs: number;
  metrics: Metrics;
  basis: 'comparison' | 'trial';
}>;

/** What a study of another objective than the time found: one configuration, or the Pareto optima, the best in the first objective first. */
export type FoundFront = Readonly<{
  objectives: readonly string[];
  limits: readonly string[];
  /** Null where it has no values that keep the limits. */
  default: FrontMember | null;
  members: readonly FrontMember[];
}>;

/** What a real clock times anew is not the whole of a large front. */
const MOST_COMPARED = 24;

/** What is compared in the end: the default, then Pareto optima of the trials, the best in each objective first. */
export function frontContenders(
  { space, default: usual }: Study,
  log: readonly SettledTrial[],
  objective: Objective,
): readonly Contender[] {
  const trials = timedIn(log);
  const optima = optimaOf(
    trials.filter(({ configuration }) => space.has(configuration)),
    objective,
  );
  const inEach = objective.names.map((_, i) =>
    optima.reduce(
      (best, one) => (valuesAt(one, objective)[i] < valuesAt(best, objective)[i] ? one : best),
      optima[0],
    ),
  );
  const key = configurationKey(space.parameters, usual);
  const isUsual = (trial: TimedTrial): boolean =>
    configurationKey(space.parameters, trial.configuration) === key;
  const chosen = new Set([...trials.filter(isUsual), ...(optima.length === 0 ? [] : inEach), ...optima]);
  return [...chosen].slice(0, MOST_COMPARED).map((trial) => ({
    label: isUsual(trial) ? 'default' : 'Pareto optimum',
    configuration: trial.configuration,
  }));
}

/** The front by the comparison's values, and by those of trials that were not compared. */
export function foundFront(
  { space, default: usual }: Study,
  log: readonly SettledTrial[],
  comparison: Comparison,
  objective: Objective,
): FoundFront {
  const keyOf = (configuration: Configuration): string => configurationKey(space.parameters, configuration);
  const members = new Map<string, FrontMember>();
  for (const { configuration, timeUs, metrics = {} } of timedIn(log))
    members.set(keyOf(configuration), { configuration, timeUs, metrics, basis: 'trial' });
  const tried = optimaOf(
    [...members.values()].filter(({ configuration }) => space.has(configuration)),
    objective,
  );
  const compared = comparison.variants.flatMap(({ configuration }, place): FrontMember[] => {
    const timeUs = microseconds(comparison, place);
    if (timeUs === null || !space.has(configuration)) return [];
    const metrics = comparison.metrics?.[place] ?? members.get(keyOf(configuration))?.metrics ?? {};
    return [{ configuration, timeUs, metrics, basis: isScreened(comparison) ? 'trial' : 'comparison' }];
  });
  const usualAmong = (wanted: Configuration): FrontMember | undefined =>
    [...compared, ...members.values()].find(({ configuration }) => keyOf(configuration) === keyOf(wanted));
  const isCompared = new Set(compared.map(({ configuration }) => keyOf(configuration)));
  const all = [...compared, ...tried.filter(({ configuration }) => !isCompared.has(keyOf(configuration)))];
  const allowed = all.filter((one) => brokenLimit(objective, one) === undefined);
  return {
    objectives: objective.names,
    limits: objective.limits.map(limitText),
    default: usualAmong(usual) ?? null,
    members: [...optimaOf(allowed, objective)].sort(
      (a, b) => valuesAt(a, objective)[0] - valuesAt(b, objective)[0],
    ),
  };
}

type Point = Pick<FrontMember, 'timeUs'> & Readonly<{ metrics?: Metrics }>;

function optimaOf<P extends Point>(points: readonly P[], objective: Objective): readonly P[] {
  const measured = points.filter((point) => valuesOf(objective, point) !== undefined);
  return paretoOptima(measured, (point) => valuesAt(point, objective));
}

function valuesAt(point: Point, objective: Objective): Values {
  return valuesOf(objective, point) ?? objective.names.map(() => Number.POSITIVE_INFINITY);
}

function timedIn(log: readonly SettledTrial[]): readonly TimedTrial[] {
  return log.filter((trial) => trial.state === 'timed');
}

function isScreened({ environment }: Comparison): boolean {
  return environment.screeningOnly === true;
}
