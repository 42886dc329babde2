import type { Clock } from '../../tuner/clock.ts';
import type { AskTell } from '../daemon/ask-tell.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { AllowedPaths } from './allowed-paths.ts';

/** What a request may use. */
export type Desk = Readonly<{
  daemon: Daemon;
  asks: AskTell;
  paths: AllowedPaths;
  clock: Clock;
  toolVersion: string;
}>;
