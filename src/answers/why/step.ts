import type { Value } from '../../../search-space/parameter.ts';
import type { OrUnknown } from '../../../tuner/attribution/gain.ts';

/** How a time on the way is known: by a trial, by the simulator, or by a model of the study's own times. */
export type KnownBy = 'measured' | 'simulated' | 'predicted';

/** A step on the way from the default to the configuration to use. Times in µs. */
export type WhyStep = Readonly<{
  /** One parameter, or several that cannot change alone, or only at a loss. */
  changes: readonly Readonly<{ parameter: string; from: Value; to: Value }>[];
  /** After the step. */
  timeUs: OrUnknown<number>;
  /** The time before over the time after. */
  gain: OrUnknown<number>;
  /** 'predicted' unless both ends are known otherwise. */
  how: KnownBy;
  /** What the time is spent on, and how much more (or, below 0, less) that is after the step; the most first. */
  causes: readonly Readonly<{ what: string; changeUs: number }>[];
}>;

/** The way, and what its first configuration takes. */
export type WhyWay = Readonly<{
  startUs: number;
  startHow: KnownBy;
  steps: readonly WhyStep[];
  /** By what times on the way are multiplied that only the final comparison measured; null where there are none. */
  comparedTimes: number | null;
}>;
