import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import { type OrUnknown, unknown } from '../../../tuner/attribution/gain.ts';
import { formatShape } from '../../kernels/shape.ts';
import { type Beyond, beyondRange } from '../../targets/npu/fit/beyond.ts';
import { type Blame, blameOf } from '../../targets/npu/fit/blame.ts';
import { fitTimes, type TimesFit } from '../../targets/npu/fit/fit-times.ts';
import { misfits, rootMeanSquare } from '../../targets/npu/fit/logged-times.ts';
import { type FigurePlace, openFigures, valuesAt } from '../../targets/npu/fit/open-figures.ts';
import { type FigureVerdict, verdictsOf } from '../../targets/npu/fit/verdicts.ts';
import { withFigures } from '../../targets/npu/machine/calibration.ts';
import type { ParameterSet } from '../../targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import type { LoggedCall } from './logged-calls.ts';

/** A call of the log: measured, and simulated with the target's own figures and with the fitted ones. */
export type CalibratedCall = Readonly<{
  place: string;
  kernel: string;
  shape: string;
  dtype: string;
  configuration: Configuration;
  samples: number;
  measuredUs: number;
  beforeUs: number;
  simulatedUs: number;
  /** Whether it was fitted; of many calls some only judge the fit. */
  fitted: boolean;
}>;

/** Two timings of one call, and by which factor they differ. */
export type Contradiction = Readonly<{
  kernel: string;
  shape: string;
  places: readonly [string, string];
  factor: number;
}>;

export type CalibrationAnswer = Readonly<{
  target: string;
  timings: number;
  /** Root mean square of the logarithms of simulated over measured times, before and after; of the calls that only judge. */
  errorBefore: number;
  error: number;
  errorOfOthers: number | null;
  /** By how much the model misses more than the clock explains; about 1 where it does not. */
  scale: OrUnknown<number>;
  /** How many searches explain the log, and how many were made; with fewer than three nothing is said to be fixed. */
  descents: number;
  searches: number;
  figures: readonly FigureVerdict[];
  /** The term that is most likely wrong. */
  blame: OrUnknown<Blame>;
  /** A figure that its range stopped, where a value beyond would explain much of what is left; null where none would. */
  beyond: Beyond | null;
  /** Calls whose timings differ so much that the log contradicts itself, the worst first. */
  contradictions: readonly Contradiction[];
  /** The worst first. */
  calls: readonly CalibratedCall[];
  /** Figures that explain the log about as well; the first are the fitted ones. */
  sets: readonly ParameterSet[];
}>;

/** Calls that are fitted at most, evenly from the log: each costs its share of thousands of simulations. */
const MOST_FITTED = 48;
/** Sets that a target keeps at most. */
const MOST_SETS = 40;
/** A misfit of less than so many uncertainties is none, and a term that explains less of it is not named. */
const A_MISFIT = 2;
const EXPLAINS = 0.3;
/** Timings of one call that differ by this factor are not repetitions of it. */
const CONTRADICTS = 1.5;

/** Fits the figures of a target that have a range to a device's times. Throws InputError where none has one. */
export function calibrate(target: SimulatedTarget, calls: readonly LoggedCall[]): CalibrationAnswer {
  if (openFigures(target).length === 0) {
    const hint = 'give those that are not known a range, as docs/targets.md shows';
    throw new InputError('target', `${target.name} has no figure with a range, so none can be fitted`, hint);
  }
  const every = Math.ceil(calls.length / MOST_FITTED);
  const isFitted = (_: unknown, place: number): boolean => place % every === 0;
  const fittedCalls = calls.filter(isFitted);
  const others = calls.filter((call, place) => !isFitted(call, place));
  const fit = fitTimes(target, fittedCalls);
  const figures = verdictsOf(fit);
  const sets = setsOfFit(fit, figures);
  const machine = withFigures(target, sets[0]);
  const [before, after] = [target, machine].map((one) => misfits(one, calls));
  return {
    target: target.name,
    timings: calls.length,
    errorBefore: rootMeanSquare(before),
    error: rootMeanSquare(misfits(machine, fittedCalls)),
    errorOfOthers: others.length === 0 ? null : rootMeanSquare(misfits(machine, others)),
    scale: fit.scale ?? unknown('not applicable', 'no figure with a range shows in the log'),
    descents: fit.descents,
    searches: fit.searches,
    figures,
    blame: blamed(machine, fittedCalls),
    beyond: beyondRange(machine, fittedCalls, figures),
    contradictions: contradictionsOf(calls),
    calls: calls
      .map(({ kernel, configuration, place, timeUs, samplesUs }, i) => ({
        place,
        kernel: kernel.name,
        shape: formatShape(kernel.shape),
        dtype: kernel.dtype,
        configuration,
        samples: samplesUs.length,
        measuredUs: timeUs,
        beforeUs: timeUs * Math.exp(before[i]),
        simulatedUs: timeUs * Math.exp(after[i]),
        fitted: isFitted(undefined, i),
      }))
      .toSorted((a, b) => offOf(b) - offOf(a)),
    sets,
  };
}

function offOf({ simulatedUs, measuredUs }: CalibratedCall): number {
  return Math.abs(Math.log(simulatedUs / measuredUs));
}

/** The first set has the fitted values, and of what the log does not show the file's own. */
function setsOfFit(
  { figures, places }: TimesFit,
  verdicts: readonly FigureVerdict[],
): readonly ParameterSet[] {
  const nominal = Object.fromEntries(verdicts.map(({ figure, value }) => [figure, value]));
  const others = farthestApart(places, MOST_SETS)
    .slice(1)
    .map((place) => valuesAt(figures, place));
  return [nominal, ...others];
}

/** So many places of some, from the first on always the one that is farthest from those that were taken. */
function farthestApart(places: readonly FigurePlace[], count: number): readonly FigurePlace[] {
  const taken = [places[0]];
  const distances = places.map((place) => squaredDistance(place, places[0]));
  while (taken.length < Math.min(count, places.length)) {
    const next = places[distances.indexOf(Math.max(...distances))];
    taken.push(next);
    for (const [i, place] of places.entries())
      distances[i] = Math.min(distances[i], squaredDistance(place, next));
  }
  return taken;
}

function squaredDistance(a: FigurePlace, b: FigurePlace): number {
  return a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);
}

function contradictionsOf(calls: readonly LoggedCall[]): readonly Contradiction[] {
  return calls
    .map(({ kernel, samplesUs, extremes }) => ({
      kernel: kernel.name,
      shape: formatShape(kernel.shape),
      places: extremes,
      factor: samplesUs.reduce((a, b) => Math.max(a, b)) / samplesUs.reduce((a, b) => Math.min(a, b)),
    }))
    .filter(({ factor }) => factor >= CONTRADICTS)
    .toSorted((a, b) => b.factor - a.factor);
}

function blamed(machine: SimulatedTarget, calls: readonly LoggedCall[]): CalibrationAnswer['blame'] {
  const off = rootMeanSquare(misfits(machine, calls).map((misfit, i) => misfit / calls[i].uncertainty));
  if (off < A_MISFIT)
    return unknown('not applicable', 'the model explains the log as well as its clock lets it be known');
  const found = blameOf(machine, calls);
  if (found.explains < EXPLAINS) {
    const most = `${found.term} alone would explain ${Math.round(100 * found.explains)} % of it`;
    return unknown('not applicable', `no single term explains most of the misfit: ${most}`);
  }
  return found;
}
