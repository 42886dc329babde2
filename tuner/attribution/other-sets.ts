import { setImmediate as nextTurn } from 'node:timers/promises';
import { configurationKey } from '../../search-space/parameter.ts';
import type { Contender } from '../measurement/entrant.ts';
import type { Study } from '../study-definition.ts';
import { KnownTimes } from './known-times.ts';
import type { Subspace } from './subspaces.ts';

/** Computes a configuration's time on a parameter set, 0 the nominal one. Microseconds. */
export type TimeOn = (configuration: Contender['configuration'], set: number) => number;

/** The most times computed in one visit, over all sets. A set's first times take longer: its loop bodies are scheduled. */
const MOST_COMPUTED = 2500;
/** Every other set is looked at: what is the best on its neighbours is mostly among what is found. */
const STEP = 2;
/** A contender joins where it is faster by this share than all others of its subspace, on one set at least. */
const WORTH = 0.005;

/**
 * Contenders for the parameter sets on which others than the nominal bests are fastest. A gain has an interval over the
 * sets, and on each the best of either side counts: without these, one configuration may stand on both sides and tell a
 * gain of 1 with no width. Each set starts from what the sets before it found, so the later ones change little.
 * Between sets the event loop has its turn.
 */
export async function bestOnOtherSets(
  { space, subspaces: { all } }: Study,
  nominal: readonly Contender[],
  { timeOn, sets }: Readonly<{ timeOn: TimeOn; sets: number }>,
): Promise<readonly Contender[]> {
  const found: Contender[] = [];
  let left = MOST_COMPUTED;
  for (let set = 1; set < sets; set += STEP) {
    const most = Math.floor(left / Math.ceil((sets - set) / STEP));
    const times = new KnownTimes(space, [], (configuration) => timeOn(configuration, set), most);
    // Where a set's share of times is too small for all subspaces, others come first on the next set.
    const turn = ((set - 1) / STEP) % all.length;
    const inTurn = [...all.slice(turn), ...all.slice(0, turn)];
    found.push(...fasterOn(space, inTurn, [...nominal, ...found], times, most));
    left -= times.computed;
    await nextTurn();
  }
  return found;
}

/** What is faster, on the set of these times, than all contenders of its subspace. */
function fasterOn(
  space: Study['space'],
  subspaces: readonly Subspace[],
  contenders: readonly Contender[],
  times: KnownTimes,
  most: number,
): readonly Contender[] {
  times.of(
    space,
    contenders.map(({ configuration }) => space.indexOf(configuration)).filter((index) => index >= 0),
  );
  const before = subspaces.map((part) => times.bestIn(part.space));
  const isListed = space.size <= most;
  if (isListed)
    times.of(
      space,
      Array.from({ length: space.size }, (_, index) => index),
    );
  const joining = new Map<string, Contender>();
  for (const [place, { name, space: part }] of subspaces.entries()) {
    const [was, start] = [before[place], times.bestIn(part)];
    if (was === undefined || start === undefined) continue;
    const { configuration, timeUs } = isListed ? start : times.climb(part, start, false);
    if (timeUs < was.timeUs * (1 - WORTH))
      joining.set(configurationKey(space.parameters, configuration), { label: name, configuration });
  }
  return [...joining.values()];
}
