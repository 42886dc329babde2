import type { Failure } from '../../tuner/backend.ts';

/** Why a question has no answer: it took too long, or the runner's process ended. */
export class RunnerLost extends Error {
  override readonly name = 'RunnerLost';
  constructor(
    readonly reason: 'timeout' | 'ended',
    message: string,
  ) {
    super(message);
  }
}

/** What the machine can do at most on one thread, measured beside the variants. */
export type Limits = Readonly<{ copyGBs: number; triadGBs: number; multiplyAddGflops: number }>;

/** Bytes of the arrays that `copy` and `triad` walk, more than caches hold: three arrays. */
export const LIMIT_BYTES = 3 * 2 ** 26;

/** What a call cannot do without, in the terms of the machine's limits. */
export type CallWork = Readonly<{
  multiplyAdds: number;
  /** Bytes from and to memory, where a call streams as a limit does; undefined where no limit is like it. */
  streamed?: Readonly<{ like: 'copy' | 'triad'; bytes: number }>;
}>;

/** What a runner's process is asked. A variant is loaded before all else that names it. */
export type VariantQuestion<Placement> =
  | Readonly<{ kind: 'load'; placement: Placement }>
  | Readonly<{ kind: 'verify' | 'sample' | 'forget'; id: number }>
  | Readonly<{ kind: 'read'; operand: number }>
  /** `bytes` is the code that measures them, where the process has none of its own. */
  | Readonly<{ kind: 'limits'; bytes: Uint8Array<ArrayBuffer> }>;

export type VariantAnswer =
  /** Said once, when a process has started. */
  | Readonly<{ kind: 'hello' }>
  | Readonly<{ kind: 'done' }>
  /** Within the tolerance; `digest` tells results apart bit by bit. */
  | Readonly<{ kind: 'right'; digest: number }>
  | Readonly<{ kind: 'wrong'; message: string }>
  | Readonly<{ kind: 'bytes'; bytes: Uint8Array }>
  /** `waited` is the greatest share of the sample that a thread spent waiting for a core. */
  | Readonly<{ kind: 'time'; timeUs: number; calls: number; waited: number }>
  | (Readonly<{ kind: 'limits' }> & Limits)
  | Readonly<{ kind: 'failed'; what: 'compile' | 'runtime'; message: string }>;

/** A process in which variants run. Questions are asked one at a time. */
export interface VariantProcess<Placement> {
  readonly alive: boolean;
  readonly processId: number | undefined;
  /** Throws RunnerLost; a question that is not answered in time ends the process. */
  ask(question: VariantQuestion<Placement>, timeoutMs: number): Promise<VariantAnswer>;
  close(): Promise<void>;
}

/** What became of a question about one variant. */
export type Fate =
  | Exclude<VariantAnswer, { kind: 'failed' }>
  | Readonly<{ kind: 'invalid'; failure: Failure }>;
