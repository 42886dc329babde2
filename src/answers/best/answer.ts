import type { Configuration } from '../../../search-space/parameter.ts';
import type { StoredBest } from '../../../store/records.ts';
import type { Gain } from '../../../tuner/attribution/gain.ts';
import type { Provenance } from '../../../tuner/backend.ts';

/** Microseconds between which a time lies. */
export type Interval = Readonly<{ low: number; high: number }>;

/** A configuration for a shape that was never tried, with the time that a model expects. */
export type PredictedBest = Readonly<{
  configuration: Configuration;
  timeUs: number;
  interval: Interval;
  /** The version of the model. */
  model: string;
}>;

/** The answer to "what shall I use", told apart by how it is known. */
export type Answer = Readonly<{ configuration: Configuration; from: Provenance }> &
  (
    | Readonly<{
        how: 'observed';
        known: StoredBest;
        /** Null where the time was not compared, or nothing tells an interval. */
        interval: Interval | null;
        gainOverDefault: Gain | null;
      }>
    | Readonly<{
        how: 'nearest shape';
        /** What was observed, at another shape. */
        known: StoredBest;
        distance: number;
        /** Sizes that the asked shape does not have: "tile 65536 → 46875". */
        changed: readonly string[];
      }>
    | Readonly<{ how: 'predicted'; predicted: PredictedBest }>
    | Readonly<{ how: 'default'; why: string }>
  );
