import { MECHANISMS, type Mechanism } from '../../search-space/parameter.ts';
import { type Permitted, subsetName } from '../../search-space/restriction.ts';
import type { Comparison } from '../../store/comparison.ts';
import { NO_CONFIGURATION } from './absence.ts';
import {
  type Champions,
  explained,
  explainedGain,
  gainBetween,
  MISSED,
  NO_SAMPLE,
  type Sides,
} from './champions.ts';
import type { LadderRung } from './findings.ts';
import {
  type GainFigure,
  isKnown,
  microseconds,
  type OrUnknown,
  ratio,
  type Unknown,
  unknown,
} from './gain.ts';
import { untimed } from './searched.ts';
import { rungsOf } from './subspaces.ts';

/** The rungs of a ladder of all mechanisms, each of which can be off. */
export const ALL_RUNGS: readonly string[] = Object.freeze(
  rungsOf(new Set(MECHANISMS), new Set()).map(subsetName),
);

const FIRST = unknown('not applicable', 'the first rung');
const NOT_USED = unknown('not applicable', 'the fastest configuration does not use it');

/** Why a space without mechanisms has no ladder. */
export const NO_MECHANISM = unknown('not applicable', 'the space has no parameter of a mechanism');

/**
 * The rungs scalar, vec, vec+mt, vec+mt+db, each tuned. A mechanism that no parameter of the space has adds no rung. A
 * rung that no trial shows is unknown.
 */
export function tunedLadder(champions: Champions): OrUnknown<readonly LadderRung[]> {
  const { subspaces } = champions;
  if (subspaces.mechanisms.size === 0) return NO_MECHANISM;
  const rungs: LadderRung[] = [];
  for (const permitted of subspaces.rungs) rungs.push(tunedRung(champions, permitted, rungs));
  return rungs;
}

function tunedRung(champions: Champions, permitted: Permitted, before: readonly LadderRung[]): LadderRung {
  const { comparison, bySubspace } = champions;
  const rung = subsetName(permitted);
  const [first, previous] = [before.at(0), before.at(-1)];
  const added = [...permitted].at(-1);
  const place = bySubspace.get(rung)?.place;
  const timeUs = place === undefined ? null : microseconds(comparison, place);
  const why = unseen(champions, rung, added, previous) ?? (timeUs === null ? NO_SAMPLE : undefined);
  if (place === undefined || timeUs === null || why !== undefined) {
    const reason = why ?? NO_SAMPLE;
    return unknownRung(rung, reason, previous === undefined ? FIRST : reason);
  }
  const { configuration } = comparison.variants[place];
  if (first === undefined || previous === undefined || added === undefined)
    return { rung, configuration, timeUs, gainOverPrevious: FIRST, gainOverScalar: FIRST };
  const sides = (other: LadderRung): Sides => ({ of: added, first: other.rung, second: rung, isPart: true });
  const gainOverPrevious = isSkipped(previous)
    ? unknownStep(previous)
    : explainedGain(champions, sides(previous));
  const gainOverScalar = gainBetween(champions, sides(first));
  return { rung, configuration, timeUs, gainOverPrevious, gainOverScalar };
}

function unknownRung(rung: string, timeUs: Unknown, gain: Unknown): LadderRung {
  return { rung, configuration: null, timeUs, gainOverPrevious: gain, gainOverScalar: gain };
}

/** Why nothing shows a rung; undefined where something does. A later rung is shown by what has its mechanism on. */
function unseen(
  { searched, subspaces, bySubspace, missed }: Champions,
  rung: string,
  added: Mechanism | undefined,
  previous: LadderRung | undefined,
): Unknown | undefined {
  const side = searched.side(rung, previous?.rung);
  if (side.size === 0) return (added && subspaces.absent.get(added)) ?? NO_CONFIGURATION;
  if (side.times.length === 0 && !(searched.isPolished && bySubspace.has(rung))) return untimed(side);
  return missed.has(rung) ? MISSED : undefined;
}

/** Whether a rung was not looked at, so that a step from it says nothing. One that cannot be is like the rung before. */
function isSkipped({ timeUs }: LadderRung): boolean {
  if (isKnown(timeUs)) return false;
  return timeUs.unknown !== 'not applicable' && timeUs.unknown !== 'gated by the compiler';
}

function unknownStep({ rung }: LadderRung): GainFigure {
  return unknown('not tried', `the rung before, ${rung}, is unknown`);
}

/**
 * The same rungs of one configuration each, given by their places in the comparison. A rung whose configuration is that
 * of the rung before says nothing where no trial has its mechanism on.
 */
export function fixedTileLadder(
  champions: Champions,
  places: readonly (number | undefined)[],
): OrUnknown<readonly LadderRung[]> {
  const { comparison, subspaces } = champions;
  const permitted = subspaces.rungs;
  const rungs: LadderRung[] = [];
  for (const [step, place] of places.entries()) {
    const timeUs = place === undefined ? null : microseconds(comparison, place);
    if (place === undefined || timeUs === null) return untimedRung(comparison);
    const rung = subsetName(permitted[step]);
    const previous = rungs.at(-1);
    const untold =
      absentOf(champions, permitted[step]) ??
      (place === places[step - 1] ? unseen(champions, rung, undefined, previous) : undefined);
    if (untold !== undefined) {
      rungs.push(unknownRung(rung, untold, untold));
      continue;
    }
    const gain = (before = place): GainFigure => {
      if (step === 0) return FIRST;
      return before === place ? NOT_USED : (ratio(comparison, before, place) ?? NO_SAMPLE);
    };
    const [added, before] = [[...permitted[step]].at(-1), places[step - 1]];
    const over = previous !== undefined && isSkipped(previous) ? unknownStep(previous) : gain(before);
    const isExplained = isKnown(over) && added !== undefined && before !== undefined;
    rungs.push({
      rung,
      configuration: comparison.variants[place].configuration,
      timeUs,
      gainOverPrevious: isExplained ? explained(over, champions, added, [before, place]) : over,
      gainOverScalar: gain(places[0]),
    });
  }
  return rungs;
}

function absentOf({ subspaces }: Champions, permitted: Permitted): Unknown | undefined {
  const added = [...permitted].at(-1);
  return added && subspaces.absent.get(added);
}

function untimedRung({ environment }: Comparison): Unknown {
  const reason = environment.screeningOnly === true ? 'not tried' : 'failed';
  return unknown(reason, 'a rung with the same tile was not timed');
}
