import type { Mechanism } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import { bestTime, type Champions, MISSED } from './champions.ts';
import {
  estimate,
  type GainFigure,
  isKnown,
  quotientOf,
  unknown,
  type VariantTime,
  withSearch,
} from './gain.ts';
import { type GainSide, isEnough, roomOf, untimed } from './searched.ts';

/** From this speed-up on, shares of it are told. */
const LEAST_SPEED_UP = 1.01;

/** ln(T(∅) / T(S)) of a set of mechanisms. */
type Worth = (members: readonly Mechanism[]) => number;

/**
 * Shapley value of a mechanism in the game v(S) = ln(T(∅) / T(S)), as a share of v(all):
 * Σ over S without m of |S|! (n − |S| − 1)! / n! · (v(S ∪ m) − v(S)).
 * Unknown where configurations with exactly the mechanisms of some S on were not searched enough.
 */
export function shapleyShare(champions: Champions, mechanism: Mechanism): GainFigure {
  const { comparison, subspaces, searched, bySubspace, missed } = champions;
  const players = [...subspaces.mechanisms];
  const absence = subspaces.absent.get(mechanism);
  if (absence !== undefined) return absence;
  if (!searched.has('scalar')) return NO_SCALAR;
  const sides = subsetsOf(players).map((members) => ({ members, side: searched.withExactly(members) }));
  const poor = sides.find(({ side }) => !searched.isPolished && side.size > 0 && !isEnough(side));
  if (poor !== undefined) return tooLittle(poor);
  if (!bySubspace.has('scalar')) return NO_SCALAR_TIME;
  if (sides.some(({ members }) => missed.has(subsetName(new Set(members))))) return MISSED;
  const share = estimate(comparison, (time) =>
    shareOf(players, mechanism, (members) => speedUp(champions, time, members)),
  );
  if (share === null) return NO_SPEED_UP;
  if (!isKnown(share)) return share;
  const room = searched.isPolished ? { low: 0, high: 0 } : missedBy(players, mechanism, sides);
  const { value } = share;
  return withSearch(share, { low: value - room.low, high: value + room.high }, comparison.kind, 'share');
}

const NO_SCALAR = unknown('not applicable', 'the space has no scalar code');
const NO_SCALAR_TIME = unknown('failed', 'no scalar code could be timed');
const NO_SPEED_UP = unknown('not applicable', 'all mechanisms together gain less than 1 %');

type SearchedSet = Readonly<{ members: readonly Mechanism[]; side: GainSide }>;

function tooLittle({ members, side }: SearchedSet): GainFigure {
  const count = `${side.times.length} timed ${side.times.length === 1 ? 'trial' : 'trials'}`;
  const reason = side.times.length === 0 ? untimed(side).unknown : 'searched too little';
  const on = members.length === 0 ? 'of scalar code' : `with exactly ${subsetName(new Set(members))} on`;
  return unknown(reason, `${count} ${on}`);
}

/** Null under 1 % of speed-up. */
function shareOf(players: readonly Mechanism[], mechanism: Mechanism, worth: Worth): number | null {
  const others = players.filter((player) => player !== mechanism);
  const orders = factorial(players.length);
  const total = worth(players);
  if (!(total >= Math.log(LEAST_SPEED_UP))) return null;
  let value = 0;
  for (const team of subsetsOf(others)) {
    const weight = (factorial(team.length) * factorial(others.length - team.length)) / orders;
    value += weight * (worth([...team, mechanism]) - worth(team));
  }
  return value / total;
}

function speedUp(
  { comparison, bySubspace }: Champions,
  time: VariantTime,
  members: readonly Mechanism[],
): number {
  const scalar = bySubspace.get(subsetName(new Set()));
  const best = bySubspace.get(subsetName(new Set(members)));
  if (scalar === undefined || best === undefined) return Number.NaN;
  const ratio = quotientOf(bestTime(comparison, scalar, time), bestTime(comparison, best, time));
  return Math.log(ratio ?? Number.NaN);
}

/** How far the share may fall and rise, as each set's best gets better by itself; such changes are independent. */
function missedBy(players: readonly Mechanism[], mechanism: Mechanism, sides: readonly SearchedSet[]) {
  const shareIf = (better?: SearchedSet): number | null => {
    const logs = sides.map((each) => ({
      members: each.members,
      log: Math.log(Math.min(...each.side.times)) - (each === better ? roomOf(each.side) : 0),
    }));
    const best = (team: readonly Mechanism[]): number =>
      Math.min(
        ...logs.filter(({ members }) => members.every((one) => team.includes(one))).map(({ log }) => log),
      );
    return shareOf(players, mechanism, (members) => best([]) - best(members));
  };
  const now = shareIf();
  const changes = sides.map((side) => (shareIf(side) ?? now ?? 0) - (now ?? 0));
  return {
    low: Math.hypot(...changes.filter((change) => change < 0)),
    high: Math.hypot(...changes.filter((change) => change > 0)),
  };
}

function subsetsOf(players: readonly Mechanism[]): readonly (readonly Mechanism[])[] {
  return Array.from({ length: 1 << players.length }, (_, bits) =>
    players.filter((_player, place) => (bits >> place) & 1),
  );
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
