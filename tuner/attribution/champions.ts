import { configurationKey, type Mechanism } from '../../search-space/parameter.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { Backend } from '../backend.ts';
import { NO_CONFIGURATION } from './absence.ts';
import {
  estimate,
  type Gain,
  type GainFigure,
  isKnown,
  quotientOf,
  unknown,
  type VariantTime,
  variantTime,
  withSearch,
} from './gain.ts';
import { type Searched, searchFactors, whyUnknown } from './searched.ts';
import type { Subspaces } from './subspaces.ts';

/** The fastest variant of a subspace, by its place in the comparison, and the places of all its variants. */
export type Champion = Readonly<{ place: number; members: readonly number[] }>;

/** A comparison with the champion of each subspace. */
export type Champions = Readonly<{
  comparison: Comparison;
  subspaces: Subspaces;
  /** What the search has looked at. */
  searched: Searched;
  /** By the name of the subspace; one without a timed variant is absent. */
  bySubspace: ReadonlyMap<string, Champion>;
  /** Subspaces whose fastest trials are not in the comparison: their champions say nothing about them. */
  missed: ReadonlySet<string>;
  explain: GainExplanation | undefined;
}>;

/** What a gain of a mechanism consists of, by a backend that computes its times. */
export type GainExplanation = NonNullable<Extract<Backend['timing'], { kind: 'exact' }>['explain']>;

/**
 * Every variant counts in every subspace that contains it. As the subsets of mechanisms are nested, the
 * champion's time never rises from a subset to a larger one: the larger contains the smaller's champion.
 */
export function championsOf(
  comparison: Comparison,
  subspaces: Subspaces,
  searched: Searched,
  explain?: GainExplanation,
): Champions {
  const times = comparison.variants.map((_, place) => variantTime(comparison)(place));
  const bySubspace = new Map<string, Champion>();
  for (const { name, space: within } of subspaces.all) {
    const members = comparison.variants.flatMap(({ configuration }, place) =>
      times[place] !== null && within.has(configuration) ? [place] : [],
    );
    const place = fastest(times, members);
    if (place !== undefined) bySubspace.set(name, { place, members });
  }
  const missed = missedIn(comparison, subspaces, searched, times);
  return { comparison, subspaces, searched, bySubspace, missed, explain };
}

function missedIn(
  comparison: Comparison,
  { all }: Subspaces,
  searched: Searched,
  times: readonly (number | null)[],
): ReadonlySet<string> {
  const [first] = all;
  if (first === undefined || comparison.kind !== 'sampled') return new Set();
  const { parameters } = first.space;
  const timed = comparison.variants.filter((_, place) => times[place] !== null);
  const met = new Set(timed.map(({ configuration }) => configurationKey(parameters, configuration)));
  return new Set(all.map(({ name }) => name).filter((name) => searched.hasMissed(name, met)));
}

function fastest(times: readonly (number | null)[], members: readonly number[]): number | undefined {
  const time = (place: number): number => times[place] ?? Number.POSITIVE_INFINITY;
  return members.reduce<number | undefined>(
    (best, place) => (best === undefined || time(place) < time(best) ? place : best),
    undefined,
  );
}

/**
 * The best time of a subspace. On another parameter set of a simulated machine another variant may be the
 * fastest, so each set takes its own; on a noisy clock that would choose the luckiest.
 */
export function bestTime(
  { kind }: Comparison,
  { place, members }: Champion,
  time: VariantTime,
): number | null {
  if (kind === 'sampled') return time(place);
  const times = members.map(time).filter((value) => value !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** Two subspaces whose bests a gain compares. */
export type Sides = Readonly<{
  /** The mechanism whose gain it is. */
  of: Mechanism;
  first: string;
  second: string;
  /** Whether the first is part of the second: then the second side is the rest of it, and counts where it is faster. */
  isPart: boolean;
  /** What the trials of each side are called. */
  words?: readonly [string, string];
}>;

export const NO_SAMPLE = unknown('disturbed', 'no clean sample in the final comparison');
/** Why a figure of a subspace is unknown that is among the missed ones. */
export const MISSED = unknown(
  'searched too little',
  'the fastest of its trials were not in the final comparison',
);
const CONTRADICTORY = unknown('disturbed', 'the rounds of the final comparison contradict each other');

/** An interval of times whose ends are further apart than this factor says nothing. */
const WIDEST = 10;

/** The gain of the best of the second subspace over that of the first; unknown where one was not looked at enough. */
export function gainBetween(champions: Champions, { of, first, second, isPart, words }: Sides): GainFigure {
  const { comparison, subspaces, bySubspace, searched } = champions;
  const [one, other] = [searched.side(first), searched.side(second, isPart ? first : undefined)];
  if (one.size === 0 || other.size === 0) return subspaces.absent.get(of) ?? NO_CONFIGURATION;
  const [before, after] = [bySubspace.get(first), bySubspace.get(second)];
  const isTimed = before !== undefined && after !== undefined;
  const why = isTimed && searched.isPolished ? undefined : whyUnknown(one, other, words);
  if (why !== undefined) return why;
  if ([first, second].some((name) => champions.missed.has(name))) return MISSED;
  const gain = isTimed ? gainOver(comparison, before, after) : null;
  if (gain === null) return NO_SAMPLE;
  if (!isKnown(gain)) return gain;
  if (comparison.kind === 'sampled' && isTooWide(gain)) return CONTRADICTORY;
  const { value } = gain;
  const { low, high } = searched.isPolished ? { low: 1, high: 1 } : searchFactors(one, other, isPart);
  return withSearch(gain, { low: value * low, high: value * high }, comparison.kind);
}

function isTooWide({ low, high }: Gain): boolean {
  return low !== null && high !== null && high > WIDEST * low;
}

/** The same, with what it consists of. */
export function explainedGain(champions: Champions, sides: Sides): GainFigure {
  const gain = gainBetween(champions, sides);
  const [before, after] = [sides.first, sides.second].map((name) => champions.bySubspace.get(name)?.place);
  if (!isKnown(gain) || before === undefined || after === undefined) return gain;
  return explained(gain, champions, sides.of, [before, after]);
}

/** A gain between two variants of a comparison, with what it consists of. */
export function explained(
  gain: Gain,
  { comparison, explain }: Champions,
  of: Mechanism,
  places: readonly [before: number, after: number],
): Gain {
  if (explain === undefined) return gain;
  const [before, after] = places.map((place) => comparison.variants[place].configuration);
  const causes = explain(of, { before, after });
  return Object.keys(causes).length === 0 ? gain : { ...gain, causes };
}

function gainOver(comparison: Comparison, before: Champion, after: Champion): GainFigure | null {
  return estimate(comparison, (time) =>
    quotientOf(bestTime(comparison, before, time), bestTime(comparison, after, time)),
  );
}
