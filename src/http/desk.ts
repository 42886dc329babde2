import type { Clock } from '../../tuner/clock.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { AllowedPaths } from './allowed-paths.ts';

/** What a request may use. */
export type Desk = Readonly<{
  daemon: Daemon;
  paths: AllowedPaths;
  clock: Clock;
  toolVersion: string;
}>;
