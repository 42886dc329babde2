import type { Clock } from '../../tuner/clock.ts';
import type { AskTell } from '../daemon/ask-tell.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { StudyQuestions } from '../daemon/messages.ts';
import type { Submissions } from '../daemon/submissions.ts';
import type { DeviceList } from '../fleet/device-list.ts';

/** The dependencies of the routes. */
export type Desk = Readonly<{
  daemon: Daemon;
  asks: AskTell;
  submissions: Submissions;
  /** Lower kernels and build spaces on another thread. */
  questions: Pick<
    StudyQuestions,
    'best' | 'breakdowns' | 'importance' | 'kernelRecords' | 'timelines' | 'whatIf' | 'why'
  >;
  /** The devices of the fleet; undefined without one. */
  devices: DeviceList['read'] | undefined;
  clock: Clock;
  toolVersion: string;
}>;
