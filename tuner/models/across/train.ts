import { permutation, randomFor } from '../../../search-space/random.ts';
import { type Figures, figuresOf, meanFigures } from '../figures.ts';
import { type AcrossModel, acrossModel, estimateTimes, fitEnsemble } from './across-model.ts';
import { addedSpreadFrom, HELD_OUT_BY, type HeldOutBy, type HeldOutStudy } from './added-spread.ts';
import type { StudyExamples } from './examples.ts';
import type { Learner } from './learner.ts';
import { noveltyOf } from './novelty.ts';

/** Of all studies, kernels or targets, one in four is held out. */
const ONE_IN = 4;

type Trained = Readonly<{
  model: AcrossModel;
  /** How the same learner predicts studies, kernels and targets that it was not shown. */
  heldOut: readonly HeldOutStudy[];
}>;

/**
 * Learns from all studies, after learning three times from a part: without some studies, some kernels,
 * some targets. The errors on the rest say how good the model is, and how wide its spread must be.
 */
export async function trainAcross(
  learner: Learner,
  studies: readonly StudyExamples[],
  seed: number,
): Promise<Trained> {
  const heldOut: HeldOutStudy[] = [];
  for (const split of HELD_OUT_BY) heldOut.push(...(await judge(learner, studies, split, seed)));
  const model = acrossModel(await fitEnsemble(learner, studies, seed), addedSpreadFrom(heldOut));
  return { model, heldOut };
}

/** Every learner is judged on the same held-out data; the one with the smallest error is taken. */
export async function trainBest(
  learners: readonly Learner[],
  studies: readonly StudyExamples[],
  seed: number,
): Promise<Trained> {
  let best: Trained | undefined;
  for (const learner of learners) {
    const trained = await trainAcross(learner, studies, seed);
    if (best === undefined || errorOf(trained) < errorOf(best)) best = trained;
  }
  if (best === undefined) throw new RangeError('there is no learner to choose from');
  return best;
}

/** The mean of the three errors, so that each counts the same however many studies it has. */
function errorOf({ heldOut }: Trained): number {
  const errors = HELD_OUT_BY.map((split) => heldOutFigures(heldOut, split)?.error).filter(
    (error) => error !== undefined,
  );
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

export function heldOutFigures(heldOut: readonly HeldOutStudy[], split: HeldOutBy): Figures | undefined {
  const all = heldOut.flatMap((study) => (study.split === split ? [study.figures] : []));
  return all.length === 0 ? undefined : meanFigures(all);
}

async function judge(
  learner: Learner,
  studies: readonly StudyExamples[],
  split: HeldOutBy,
  seed: number,
): Promise<readonly HeldOutStudy[]> {
  const names = heldOutNames(studies, split, seed);
  const shown = studies.filter((study) => !names.has(study[split]));
  if (names.size === 0 || shown.length === 0) return [];
  const fitted = await fitEnsemble(learner, shown, seed);
  return studies
    .filter((study) => names.has(study[split]))
    .map((study) => {
      const { mean, sd } = estimateTimes(fitted, study, study.configurations);
      const novelty = noveltyOf(fitted.known, study);
      const trials = study.logTimes.map((time, i) => ({ error: time - mean[i], sd: sd[i], ...novelty }));
      const predictions = Array.from(mean, (meanLog, i) => ({ meanLog, sdLog: sd[i] }));
      const { kernel, target } = study;
      return { split, kernel, target, figures: figuresOf(predictions, study.logTimes), trials };
    });
}

/** One in four of the names, at least one where there are two or more; none of a single one. */
function heldOutNames(
  studies: readonly StudyExamples[],
  split: HeldOutBy,
  seed: number,
): ReadonlySet<string> {
  const names = [...new Set(studies.map((study) => study[split]))].sort();
  if (names.length < 2) return new Set();
  const order = permutation(randomFor(seed, 'held out', split), names.length);
  return new Set(order.slice(0, Math.max(1, Math.floor(names.length / ONE_IN))).map((place) => names[place]));
}
