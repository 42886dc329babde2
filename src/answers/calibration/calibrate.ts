import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import { type OrUnknown, unknown } from '../../../tuner/attribution/gain.ts';
import { formatShape } from '../../kernels/shape.ts';
import { type Blame, blameOf } from '../../targets/npu/fit/blame.ts';
import { fitTimes, type TimesFit } from '../../targets/npu/fit/fit-times.ts';
import { misfits, rootMeanSquare } from '../../targets/npu/fit/logged-times.ts';
import { openFigures, valuesAt } from '../../targets/npu/fit/open-figures.ts';
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

export type CalibrationAnswer = Readonly<{
  target: string;
  timings: number;
  /** Root mean square of the logarithms of simulated over measured times, before and after; of the calls that only judge. */
  errorBefore: number;
  error: number;
  errorOfOthers: number | null;
  /** By how much the model misses more than the clock explains; about 1 where it does not. */
  scale: OrUnknown<number>;
  /** How many descents from different places explain the log; with fewer than three nothing is said to be fixed. */
  descents: number;
  figures: readonly FigureVerdict[];
  /** The term that is most likely wrong. */
  blame: OrUnknown<Blame>;
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
    figures,
    blame: blamed(machine, fittedCalls),
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
  const every = Math.ceil(places.length / MOST_SETS);
  const kept = places.slice(1).filter((_, i) => i % every === 0);
  const others = kept.map((place) => valuesAt(figures, place));
  return [nominal, ...others];
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
