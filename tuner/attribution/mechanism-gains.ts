import type { Mechanism } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import { type Champions, explainedGain, gainBetween } from './champions.ts';
import type { MechanismGains } from './findings.ts';
import type { GainFigure } from './gain.ts';
import { ownName, rivalName } from './rivals.ts';
import { shapleyShare } from './shapley.ts';
import { allBut, forcedName, unservedName, withoutName } from './subspaces.ts';

/** What each mechanism of the space is worth, by every measure that is reported. */
export function gainsOf(champions: Champions): Readonly<Partial<Record<Mechanism, MechanismGains>>> {
  return Object.fromEntries(
    [...champions.subspaces.mechanisms].map((mechanism) => [
      mechanism,
      {
        ...gainsOfOne(champions, mechanism),
        ...unservedGain(champions, mechanism),
        ...separateGains(champions, mechanism),
        ...rivalGains(champions, mechanism),
      },
    ]),
  );
}

function separateGains(champions: Champions, mechanism: Mechanism): Pick<MechanismGains, 'apart'> {
  const { mechanisms, separate } = champions.subspaces;
  const all = subsetName(mechanisms);
  const without = subsetName(allBut(mechanism, mechanisms));
  const apart = separate
    .filter(({ tag }) => tag === mechanism)
    .map(({ name, apart: label = name }) => ({
      parameter: name,
      label,
      without: added(champions, mechanism, without, withoutName(name)),
      onTop: added(champions, mechanism, withoutName(name), all),
    }));
  return apart.length === 0 ? {} : { apart };
}

/** A rival that was not timed has no gain. */
function rivalGains(champions: Champions, mechanism: Mechanism): Pick<MechanismGains, 'rivals'> {
  const met = champions.subspaces.rivals
    .filter((rival) => rival.mechanism === mechanism)
    .map((rival) => ({
      label: rival.label,
      gain: gainBetween(champions, {
        of: mechanism,
        first: rivalName(rival),
        second: ownName(rival),
        isPart: false,
        words: [`of ${rival.label}`, 'with it'],
      }),
    }));
  return met.length === 0 ? {} : { rivals: met };
}

function gainsOfOne(champions: Champions, mechanism: Mechanism): MechanismGains {
  const { mechanisms } = champions.subspaces;
  const all = subsetName(mechanisms);
  const without = subsetName(allBut(mechanism, mechanisms));
  const unserved = unservedName(mechanism);
  const of = mechanism;
  const leftOut = explainedGain(champions, { of, first: without, second: all, isPart: true });
  const gains = {
    alone: explainedGain(champions, {
      of,
      first: subsetName(new Set()),
      second: subsetName(new Set([mechanism])),
      isPart: true,
    }),
    leftOut,
    forced: explainedGain(champions, {
      of,
      first: without,
      second: forcedName(mechanism),
      isPart: false,
    }),
    shapleyShare: shapleyShare(champions, mechanism),
  };
  if (!champions.searched.has(unserved)) return gains;
  return { ...gains, parts: { service: added(champions, mechanism, unserved, without), itself: leftOut } };
}

/** The step of the ladder to a mechanism where nothing serves the next one. */
function unservedGain(champions: Champions, mechanism: Mechanism): Pick<MechanismGains, 'unserved'> {
  const { mechanisms } = champions.subspaces;
  const next = [...mechanisms].find((other) => champions.searched.has(unservedName(other, mechanism)));
  if (next === undefined) return {};
  return { unserved: added(champions, mechanism, unservedName(next, mechanism), unservedName(next)) };
}

/** What the rest of a subspace adds to a part of it. */
function added(champions: Champions, of: Mechanism, first: string, second: string): GainFigure {
  return gainBetween(champions, { of, first, second, isPart: true });
}
