import type { Mechanism } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import { bestTime, type Champions, gainOver } from './champions.ts';
import type { MechanismGains } from './findings.ts';
import { estimate, type Gain, quotientOf, type VariantTime } from './gain.ts';
import { ownName, type Rival, rivalName } from './rivals.ts';
import { forcedName, separateParameters, unservedName, withoutName } from './subspaces.ts';

/** What each mechanism of the space is worth, by every measure that is reported. */
export function gainsOf(
  champions: Champions,
  rivals: readonly Rival[] = [],
): Readonly<Partial<Record<Mechanism, MechanismGains>>> {
  return Object.fromEntries(
    [...champions.mechanisms].map((mechanism) => [
      mechanism,
      {
        ...gainsOfOne(champions, mechanism),
        ...separateGains(champions, mechanism),
        ...rivalGains(champions, mechanism, rivals),
      },
    ]),
  );
}

function separateGains(champions: Champions, mechanism: Mechanism): Pick<MechanismGains, 'apart'> {
  const { parameters, mechanisms, subspaces } = champions;
  const all = subsetName(mechanisms);
  const without = restName(mechanisms, mechanism);
  const apart = separateParameters(parameters)
    .filter(({ tag, name }) => tag === mechanism && subspaces.has(withoutName(name)))
    .map(({ name, apart: label = name }) => ({
      parameter: name,
      label,
      without: between(champions, without, withoutName(name)),
      onTop: between(champions, withoutName(name), all),
    }));
  return apart.length === 0 ? {} : { apart };
}

/** A rival that the space lacks is left out; one that was not timed has no gain. */
function rivalGains(
  champions: Champions,
  mechanism: Mechanism,
  rivals: readonly Rival[],
): Pick<MechanismGains, 'rivals'> {
  const met = rivals
    .filter((rival) => rival.mechanism === mechanism && champions.subspaces.has(rivalName(rival)))
    .map((rival) => ({
      label: rival.label,
      gain: between(champions, rivalName(rival), ownName(rival)),
    }));
  return met.length === 0 ? {} : { rivals: met };
}

/** The name of the subset of all other mechanisms. */
function restName(mechanisms: ReadonlySet<Mechanism>, mechanism: Mechanism): string {
  return subsetName(new Set([...mechanisms].filter((other) => other !== mechanism)));
}

/** Where nothing was timed with the mechanism on, its subsets only contain what is without it: no gain is known. */
const UNKNOWN: MechanismGains = Object.freeze({
  alone: null,
  leftOut: null,
  forced: null,
  shapleyShare: null,
});

function gainsOfOne(champions: Champions, mechanism: Mechanism): MechanismGains {
  const forced = forcedName(mechanism);
  if (champions.subspaces.has(forced) && !champions.bySubspace.has(forced)) return UNKNOWN;
  const all = subsetName(champions.mechanisms);
  const without = restName(champions.mechanisms, mechanism);
  const unserved = unservedName(mechanism);
  const gains = {
    alone: between(champions, subsetName(new Set()), subsetName(new Set([mechanism]))),
    leftOut: between(champions, without, all),
    forced: between(champions, without, forced),
    shapleyShare: shapleyShare(champions, mechanism),
  };
  if (!champions.bySubspace.has(unserved)) return gains;
  return {
    ...gains,
    parts: { service: between(champions, unserved, without), itself: between(champions, without, all) },
  };
}

function between({ comparison, bySubspace }: Champions, before: string, after: string): Gain | null {
  const from = bySubspace.get(before);
  const to = bySubspace.get(after);
  return from === undefined || to === undefined ? null : gainOver(comparison, from, to);
}

/**
 * Shapley value of a mechanism in the game v(S) = ln(T(∅) / T(S)), as a share of v(all):
 * Σ over S without m of |S|! (n − |S| − 1)! / n! · (v(S ∪ m) − v(S)).
 */
function shapleyShare(champions: Champions, mechanism: Mechanism): Gain | null {
  const players = [...champions.mechanisms];
  const others = players.filter((player) => player !== mechanism);
  const orders = factorial(players.length);
  return estimate(champions.comparison, (time) => {
    const worth = (members: readonly Mechanism[]): number => speedUp(champions, time, members);
    const total = worth(players);
    if (!(total >= Math.log(1.01))) return null;
    let value = 0;
    for (let bits = 0; bits < 1 << others.length; bits++) {
      const team = others.filter((_, place) => (bits >> place) & 1);
      const weight = (factorial(team.length) * factorial(others.length - team.length)) / orders;
      value += weight * (worth([...team, mechanism]) - worth(team));
    }
    return value / total;
  });
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

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
