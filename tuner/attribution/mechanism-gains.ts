import type { Mechanism } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import { type Champions, explainedGain, gainBetween } from './champions.ts';
import type { MechanismGains } from './findings.ts';
import type { GainFigure } from './gain.ts';
import { ownName, type Rival, rivalName } from './rivals.ts';
import { shapleyShare } from './shapley.ts';
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
  const { parameters, mechanisms, searched } = champions;
  const all = subsetName(mechanisms);
  const without = restName(mechanisms, mechanism);
  const apart = separateParameters(parameters)
    .filter(({ tag, name }) => tag === mechanism && searched.has(withoutName(name)))
    .map(({ name, apart: label = name }) => ({
      parameter: name,
      label,
      without: added(champions, mechanism, without, withoutName(name)),
      onTop: added(champions, mechanism, withoutName(name), all),
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
    .filter((rival) => rival.mechanism === mechanism && champions.searched.has(rivalName(rival)))
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

/** The name of the subset of all other mechanisms. */
function restName(mechanisms: ReadonlySet<Mechanism>, mechanism: Mechanism): string {
  return subsetName(new Set([...mechanisms].filter((other) => other !== mechanism)));
}

function gainsOfOne(champions: Champions, mechanism: Mechanism): MechanismGains {
  const all = subsetName(champions.mechanisms);
  const without = restName(champions.mechanisms, mechanism);
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

/** What the rest of a subspace adds to a part of it. */
function added(champions: Champions, of: Mechanism, first: string, second: string): GainFigure {
  return gainBetween(champions, { of, first, second, isPart: true });
}
