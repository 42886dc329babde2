import type { Configuration } from '../../../search-space/parameter.ts';
import type { StoredBest } from '../../../store/records.ts';
import type { Metrics } from '../../../store/trial.ts';
import type { GainFigure, OrUnknown } from '../../../tuner/attribution/gain.ts';
import type { Provenance } from '../../../tuner/backend.ts';
import type { FoundFront } from '../../../tuner/objectives/found-front.ts';
import type { IntervalSource } from '../../targets/npu/machine/parameter-sets.ts';
import type { ExpectedTime } from './across-shapes.ts';
import type { ComparedChoice } from './compared-choice.ts';
import type { TimeInterval } from './time-interval.ts';
import type { VerifiedBest } from './verified.ts';

/** A cost model's configuration for a shape that was never tried, with its predicted time. */
export type PredictedBest = Readonly<{
  configuration: Configuration;
  timeUs: number;
  interval: TimeInterval;
  /** The version of the model. */
  model: string;
}>;

/** The best that a search of the simulator found when it was asked for. */
export type SimulatedBest = Readonly<{
  configuration: Configuration;
  timeUs: number;
  /** The number of configurations that were simulated. */
  computed: number;
  interval: OrUnknown<TimeInterval>;
  intervalFrom: IntervalSource | null;
  gainOverDefault: GainFigure;
}>;

/** The configuration to use, with `how` it is known. */
export type BestAnswer = Readonly<{ configuration: Configuration; from: Provenance }> &
  (
    | Readonly<{
        how: 'observed';
        known: StoredBest;
        interval: OrUnknown<TimeInterval>;
        /** Of a simulated one. */
        intervalFrom: IntervalSource | null;
        gainOverDefault: GainFigure;
        choice?: ComparedChoice;
        metrics?: Metrics;
        verified?: VerifiedBest;
        /** What --fix, --values and --forbid left of the study's space: "threads=4"; empty for all of it. */
        restrictedTo: string;
        /** What the study sought; absent for the shortest time. */
        objective?: string;
        /** The Pareto optima that it found, of which this is the first. */
        front?: FoundFront;
      }>
    | Readonly<{
        how: 'nearest shape';
        /** The observed best of another shape. */
        known: StoredBest;
        /** What was left of its study's space, as above. */
        restrictedTo: string;
        distance: number;
        /** Whether it is farther than what is usually a good choice. */
        isFar: boolean;
        /** What the bests of this and other shapes let expect of this shape's best. */
        expected: OrUnknown<ExpectedTime>;
        /** Sizes that were not possible at this shape: "tile 65536 → 46875". */
        changed: readonly string[];
      }>
    | Readonly<{ how: 'simulated now'; simulated: SimulatedBest; why: string }>
    /** By a model; `isFar` where the kernel was tuned at far shapes only, so that the model's time is not told. */
    | Readonly<{ how: 'predicted'; predicted: PredictedBest; isFar: boolean; why: string }>
    | Readonly<{ how: 'default'; isFar: boolean; why: string }>
  );
