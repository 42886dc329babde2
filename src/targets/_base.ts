import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Features, TargetRecord } from '../../store/records.ts';
import type { TargetKind } from '../../store/target-kinds.ts';
import type { Rival } from '../../tuner/attribution/rivals.ts';
import type { Backend } from '../../tuner/backend.ts';
import type { Kernel } from '../kernels/ir.ts';
import type { ScheduledKernel } from '../lowering/schedule.ts';
import type { IntervalSource } from './npu/machine/parameter-sets.ts';

/**
 * What a kernel runs on. Each kind of target builds the search space of a kernel on it, knows what
 * its compiler would choose by itself, and brings the backend that times variants. What only a user's
 * device or a table can run is an opaque kernel: a `Target<OpaqueKernel>`.
 */
export interface Target<K = Kernel> {
  readonly name: string;
  readonly kind: TargetRecord['kind'];
  /** Changes whenever results would: hardware figures, model revision, engine, flags. */
  readonly fingerprint: string;
  readonly features: Features;
  readonly description: TargetRecord['description'];
  /** Throws InputError for a kernel that this kind of target cannot run, with the reason. */
  space(kernel: K): SearchSpace;
  /** Why a kernel's space has no parameter of this name, which other kernels or targets of the kind have. */
  whyLacking?(kernel: K, name: string): string | undefined;
  /** A member of the space. */
  defaultConfiguration(kernel: K, space: SearchSpace): Configuration;
  /**
   * What is run of a configuration that another shape's space has: the member that it is carried out as; itself where the
   * target knows none. Absent where only members are run.
   */
  carriedOutAs?(kernel: K, configuration: Configuration): Configuration;
  /** What mechanisms of such a space are also compared with; absent where nothing is known. */
  rivals?(space: SearchSpace): readonly Rival[];
  /** What trials report besides the time; 'any' where only the user's program knows; absent where nothing. */
  readonly metrics?: readonly string[] | 'any';
  /** Bytes of scratchpad that a configuration takes; absent where the target has none. */
  scratchpadBytes?(kernel: K, configuration: Configuration): number;
  /** The loops of a configuration; absent where the target makes none from a kernel's IR. */
  loops?(kernel: K, configuration: Configuration): ScheduledKernel;
  /** Throws InputError where programs that its backends need are not installed. Absent where they need none, or building the target asked for them. */
  checkTools?(): Promise<void>;
  backend(kernel: K, space: SearchSpace, limits?: BackendLimits): Promise<Backend>;
}

/** What a user allows a backend; its own usual limits where nothing is given. */
export type BackendLimits = Readonly<{
  /** What compiling a configuration may take. Only for kinds that compile. */
  compileMs?: number;
}>;

/** What a list of targets says of one. */
export type TargetListing = Readonly<{
  name: string;
  kind: TargetKind;
  description: string;
  /** Null where they are known only once the target is opened. */
  figures: Readonly<{
    contexts: number;
    vectorBytes: number;
    scratchpadBytes: number;
    clockGHz: number;
    /** Where the intervals of its gains come from; null where it has none. */
    intervalsFrom: IntervalSource | null;
  }> | null;
}>;

/** The targets of one kind that are asked for by a name. */
export interface NamedTargets {
  list(): readonly TargetListing[];
  /** Whether it is a name of this kind, listed or not: `wasm-modelled-dma-2GBps-1us`. */
  has(name: string): boolean;
  /** Throws InputError for a name that `has` takes and that describes no target, with the reason. */
  open(name: string): Promise<Target>;
}
