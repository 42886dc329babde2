import type { Clock } from '../../tuner/clock.ts';
import type { AskTell } from '../daemon/ask-tell.ts';
import type { Daemon } from '../daemon/daemon.ts';

/** What a request may use. */
export type Desk = Readonly<{
  daemon: Daemon;
  asks: AskTell;
  clock: Clock;
  toolVersion: string;
}>;
