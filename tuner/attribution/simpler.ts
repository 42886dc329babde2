import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { Study } from '../study-definition.ts';
import { AS_FAST } from './as-fast.ts';
import type { Smoothed } from './neighbourhood.ts';
import { compareSimplicity } from './simplest.ts';

/** So many are timed at once: the simplest of those that may be as fast, and those that most likely are. */
const SIMPLEST = 8;
const LIKELIEST = 4;
/** Where what counts is a product, one value alone leads away from all that are as fast: so many that differ in two are timed. */
const PAIRS = 6;
/** About so many of these are judged. */
const MOST_PAIRS = 4000;

/** What is expected to be slower by so much of its spread is not timed. */
const CLEAR = 3;

/**
 * Configurations that are simpler than one by a single change, or by two where none is, and may be as fast by all that is
 * known: of those that `isKnown` tells nothing of yet.
 */
export function simplerThan(
  study: Study,
  configuration: Configuration,
  smoothed: Smoothed | undefined,
  isKnown: (configuration: Configuration) => boolean,
): readonly Configuration[] {
  const { space } = study;
  const isSimpler = (near: Configuration): boolean =>
    compareSimplicity(study, near, configuration) < 0 && !isKnown(near);
  const around = space
    .neighbours(space.indexOf(configuration), 'hamming')
    .map((index) => space.at(index))
    .filter(isSimpler);
  const { plausible, likeliest } = judged(around, configuration, smoothed);
  const simplestFirst = [...plausible].sort((a, b) => compareSimplicity(study, a, b));
  const pairs = plausible.length > 0 ? [] : pairsOf(study, configuration, smoothed, isSimpler);
  return [...new Set([...simplestFirst.slice(0, SIMPLEST), ...likeliest.slice(0, LIKELIEST)]), ...pairs];
}

/** Those of the likeliest to be as fast that two changes lead to. */
function pairsOf(
  { space }: Study,
  configuration: Configuration,
  smoothed: Smoothed | undefined,
  isSimpler: (configuration: Configuration) => boolean,
): readonly Configuration[] {
  if (smoothed === undefined) return [];
  const found = new Set<number>();
  for (const index of space.neighbours(space.indexOf(configuration), 'hamming')) {
    for (const other of space.neighbours(index, 'hamming')) found.add(other);
    if (found.size > MOST_PAIRS) break;
  }
  const simpler = Array.from(found, (index) => space.at(index)).filter(isSimpler);
  return judged(simpler, configuration, smoothed).plausible.slice(0, PAIRS);
}

type Judged = Readonly<Record<'plausible' | 'likeliest', readonly Configuration[]>>;

/** Those that all trials together do not rule out, and all of them, the likeliest to be as fast first. */
function judged(
  around: readonly Configuration[],
  configuration: Configuration,
  smoothed: Smoothed | undefined,
): Judged {
  if (smoothed === undefined) return { plausible: around, likeliest: around };
  const { mean, sd } = smoothed([configuration, ...around]);
  const least = around.map((near, place) => ({ near, log: mean[place + 1] - CLEAR * sd[place + 1] }));
  least.sort((a, b) => a.log - b.log);
  const plausible = least.filter(({ log }) => log <= mean[0] + AS_FAST);
  return { plausible: plausible.map(({ near }) => near), likeliest: least.map(({ near }) => near) };
}

/**
 * One configuration with all of the changes together that lead from it to others, of each parameter the simplest one;
 * undefined where that is none of the space.
 */
export function withAllChanges(
  study: Study,
  from: Configuration,
  changed: readonly Configuration[],
): Configuration | undefined {
  const { space } = study;
  const simplestFirst = [...changed].sort((a, b) => compareSimplicity(study, a, b));
  const together: Record<string, Configuration[string]> = { ...from };
  for (const { name } of space.parameters) {
    const change = simplestFirst.find((each) => each[name] !== from[name]);
    if (change !== undefined) together[name] = change[name];
  }
  return space.has(together) &&
    configurationKey(space.parameters, together) !== configurationKey(space.parameters, from)
    ? together
    : undefined;
}
