import type { Configuration, Mechanism } from '../../search-space/parameter.ts';
import type { SettledCounts } from '../../store/study-store.ts';
import type { Provenance } from '../backend.ts';
import type { StopReason } from '../budget.ts';
import type { FoundFront } from '../objectives/found-front.ts';
import type { CodeEffects } from './code-effects.ts';
import type { GainFigure, OrUnknown, TimeFigure } from './gain.ts';

/** A configuration with its time in the final comparison, microseconds. */
export type TimedConfiguration = Readonly<{
  configuration: Configuration;
  timeUs: number;
  provenance: Readonly<{ how: 'observed'; from: Provenance }>;
}>;

export type LadderRung = Readonly<{
  rung: string;
  /** Null where no trial shows the rung; the time says why. */
  configuration: Configuration | null;
  timeUs: TimeFigure;
  /** Not applicable on the first rung, like the other one. */
  gainOverPrevious: GainFigure;
  /** Over the first rung. */
  gainOverScalar: GainFigure;
}>;

/** What one mechanism is worth. */
export type MechanismGains = Readonly<{
  /** T(∅) / T({m}) */
  alone: GainFigure;
  /** T(all∖m) / T(all) */
  leftOut: GainFigure;
  /** m forced on, all else tuned again, against m off. Below 1: it does not pay. */
  forced: GainFigure;
  /** Share of the log speed-up over the eight subsets (Shapley 1953). */
  shapleyShare: GainFigure;
  /** The left-out gain in two factors, for a mechanism that some schedule values serve. */
  parts?: Readonly<{
    /** Its transfers against the best without them, both without the mechanism. */
    service: GainFigure;
    /** The mechanism itself on top. */
    itself: GainFigure;
  }>;
  /** The ladder's step to it without what serves the next mechanism: of multi-threading, without DMA. */
  unserved?: GainFigure;
  /** The left-out gain in two factors, for each parameter of the mechanism that is reported separately. */
  apart?: readonly Readonly<{
    parameter: string;
    /** What it adds, in words. */
    label: string;
    /** The mechanism without it. */
    without: GainFigure;
    /** The parameter on top. */
    onTop: GainFigure;
  }>[];
  /** The mechanism forced on against another use of what it takes. Below 1: the other use is better. */
  rivals?: readonly Readonly<{ label: string; gain: GainFigure }>[];
}>;

/** What a visit to a study found; computed from one final comparison, stored with the study. */
export type Findings = Readonly<{
  default: TimedConfiguration | null;
  /** What to use: the simplest configuration that is as fast as the winner. Null where nothing was timed. */
  best: TimedConfiguration | null;
  /** What is as fast as `best`, the simplest first; absent in findings of earlier versions. */
  same?: readonly TimedConfiguration[];
  /**
   * How often the same configuration would be named by other rounds of the final comparison, 0 … 1; null where times are
   * exact, or nothing tells.
   */
  sure?: number | null;
  /** The fastest; the gains of mechanisms are computed from it. */
  winner: TimedConfiguration | null;
  /** Of `best`. Not applicable where that is the default itself. */
  gainOverDefault: GainFigure;
  ladder: OrUnknown<readonly LadderRung[]>;
  ladderFixedTile: OrUnknown<readonly LadderRung[]>;
  /** Of a study that seeks something else than the time. */
  front?: FoundFront;
  /** The surroundings of the final comparison, as its backend reports them: load, clean samples, warm or cold, limits. */
  environment?: Readonly<Record<string, string | number | boolean>>;
  gains: Readonly<Partial<Record<Mechanism, MechanismGains>>>;
  /** What parameters did to the code; absent where it was not compared. */
  code?: CodeEffects;
  trials: SettledCounts;
  /** How many configurations the final comparison timed; absent in findings of earlier versions. */
  compared?: number;
  stoppedBy: StopReason;
  warnings: readonly string[];
}>;
