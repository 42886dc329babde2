import { Hold, KeptAnswers } from '../../src/fleet/lease-rules.ts';
import type { Answer } from '../../src/fleet/messages.ts';

/** A job in a device's queue, and under which lease its answer was measured. */
type Queued = { readonly lease: number; answer?: Answer; measuredUnder?: number; taken: boolean };
type Claim = Readonly<{ instance: number; until: number }>;

export type Worker = {
  readonly instance: number;
  readonly hold: Hold;
  /** When its claim was written last. */
  claimedMs: number;
  readonly kept: KeptAnswers;
  stoppedUntil: number;
  cutUntil: number;
  busy: boolean;
  alive: boolean;
};

export type Device = {
  readonly queue: Map<string, Queued>;
  claim: Claim | undefined;
  worker: Worker;
  /** The program that its processor executes; undefined while it is idle. */
  program: object | undefined;
};

/** One that holds nothing yet. */
export function newWorker(instance: number): Worker {
  const { NEGATIVE_INFINITY } = Number;
  return {
    instance,
    hold: new Hold(NEGATIVE_INFINITY),
    claimedMs: NEGATIVE_INFINITY,
    kept: new KeptAnswers(),
    stoppedUntil: 0,
    cutUntil: 0,
    busy: false,
    alive: true,
  };
}
