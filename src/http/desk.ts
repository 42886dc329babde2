import type { Clock } from '../../tuner/clock.ts';
import type { AskTell } from '../daemon/ask-tell.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { Submissions } from '../daemon/submissions.ts';

/** The dependencies of the routes. */
export type Desk = Readonly<{
  daemon: Daemon;
  asks: AskTell;
  submissions: Submissions;
  clock: Clock;
  toolVersion: string;
}>;
