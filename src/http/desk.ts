import type { Clock } from '../../tuner/clock.ts';
import type { AskTell } from '../daemon/ask-tell.ts';
import type { Daemon } from '../daemon/daemon.ts';

/** The dependencies of the routes. */
export type Desk = Readonly<{
  daemon: Daemon;
  asks: AskTell;
  clock: Clock;
  toolVersion: string;
}>;
