import type { Parameter } from '../../search-space/parameter.ts';
import type { Suggestion } from './_base.ts';
import { changesBetween } from './peaks.ts';
import { isFresh, type Turn } from './turn.ts';

/** Trials of the initial design, before the first model. */
export const OPENING = 6;
const DRAWN = 10;
/** A favourite is skipped where it differs from a tried member in fewer parameters; one of a distant prior in more. */
const LEAST_CHANGES = 2;
const LEAST_CHANGES_OF_DISTANT = 5;

/**
 * The initial design: each trial is the one of a few random members that is farthest from those before
 * it. Where a trusted prior has favourites, every second trial is one of them.
 */
export function opening(
  turn: Turn,
  favourites: readonly number[],
  isDistant = false,
): Suggestion | undefined {
  const tried = triedBefore(turn);
  const favourite =
    tried.length % 2 === 1
      ? nextFavourite(turn, favourites, tried, isDistant ? LEAST_CHANGES_OF_DISTANT : LEAST_CHANGES)
      : undefined;
  if (favourite !== undefined) return { index: favourite, origin: 'prior' };
  return farthest(
    turn,
    Array.from({ length: DRAWN }, () => turn.history.space.sample(turn.random)),
  );
}

function nextFavourite(
  turn: Turn,
  favourites: readonly number[],
  tried: readonly Int32Array[],
  leastChanges: number,
): number | undefined {
  return favourites.find((favourite) => {
    const digits = turn.history.space.digitsAt(favourite);
    return isFresh(turn, favourite) && tried.every((other) => changesBetween(digits, other) >= leastChanges);
  });
}

/** The fresh one of these members that is farthest from all that were tried. */
export function farthest(turn: Turn, drawn: readonly number[]): Suggestion | undefined {
  const { space } = turn.history;
  const tried = triedBefore(turn);
  let found: Suggestion | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const index of drawn) {
    if (!isFresh(turn, index)) continue;
    const digits = space.digitsAt(index);
    const nearest = tried.reduce(
      (least, other) => Math.min(least, distance(space.parameters, digits, other)),
      Number.POSITIVE_INFINITY,
    );
    if (nearest <= most) continue;
    most = nearest;
    found = { index, origin: 'opening' };
  }
  return found;
}

function triedBefore({ history, taken }: Turn): readonly Int32Array[] {
  return [
    ...history.trials.map(({ digits }) => digits),
    ...Array.from(taken, (index) => history.space.digitsAt(index)),
  ];
}

/** Summed over the parameters: the share of an ordinal's range, 1 for any other value that differs. */
function distance(parameters: readonly Parameter[], a: Int32Array, b: Int32Array): number {
  return parameters.reduce((sum, { kind, values }, place) => {
    if (a[place] === b[place]) return sum;
    return sum + (kind === 'ordinal' ? Math.abs(a[place] - b[place]) / (values.length - 1) : 1);
  }, 0);
}
