import type { Matrix } from '../_base.ts';
import type { Estimate } from '../forest.ts';

/** A few models of one kind: predicts their mean, and how far they disagree. */
export interface Ensemble {
  predict(features: Matrix): Estimate;
  /** Plain data that the learner's `load` takes. */
  save(): unknown;
}

/** Rows of several studies, with what is to be predicted of each. */
export type Lessons = Readonly<{
  features: Matrix;
  /** So many of the first columns say what a study is of: kernel and target. */
  subjectColumns: number;
  targets: Float64Array;
  /** What is known of ln(time) besides the target. */
  known: Float64Array;
  /** The place of each row's study. */
  studies: Int32Array;
}>;

export const LEARNERS = Object.freeze(['trees', 'network', 'stack'] as const);

/** A way to learn a number from features. The same seed learns the same. */
export type Learner = Readonly<{
  name: (typeof LEARNERS)[number];
  learn(lessons: Lessons, seed: number): Promise<Ensemble>;
  /** Throws where the data is not what `save` gave. */
  load(data: unknown): Ensemble;
}>;

/** Mean and standard deviation over the members' answers. */
export function estimateOf(answers: readonly Float64Array[]): Estimate {
  const mean = answers[0].map(
    (_, row) => answers.reduce((sum, answer) => sum + answer[row], 0) / answers.length,
  );
  const sd = mean.map((middle, row) =>
    Math.sqrt(answers.reduce((sum, answer) => sum + (answer[row] - middle) ** 2, 0) / answers.length),
  );
  return { mean, sd };
}
