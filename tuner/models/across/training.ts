import type { HeldOutStudy } from './added-spread.ts';
import type { StudyExamples } from './examples.ts';
import type { Learner } from './learner.ts';

/** What a thread is asked that trains. */
export type TrainingRequest = Readonly<{ studies: readonly StudyExamples[]; seed: number }>;

/** A trained model as it crosses between threads and into the store. */
export type TrainingResult = Readonly<{
  learner: Learner['name'];
  blob: Uint8Array;
  heldOut: readonly Omit<HeldOutStudy, 'trials'>[];
}>;
