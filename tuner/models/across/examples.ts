import type { Configuration } from '../../../search-space/parameter.ts';
import type { Features } from '../../../store/records.ts';

/** What a cost model may know of a study. `kernel` and `target` are names, to hold data out by. */
export type StudyFacts = Readonly<{
  kernel: string;
  target: string;
  kernelFeatures: Features;
  targetFeatures: Features;
}>;

/** The timed trials of one study; ln(time in µs). */
export type StudyExamples = StudyFacts &
  Readonly<{
    study: string;
    configurations: readonly Configuration[];
    logTimes: readonly number[];
  }>;

export function examplesIn(studies: readonly StudyExamples[]): number {
  return studies.reduce((sum, { logTimes }) => sum + logTimes.length, 0);
}
