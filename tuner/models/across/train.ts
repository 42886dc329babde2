import { permutation, randomFor } from '../../../search-space/random.ts';
import { type Figures, figuresOf, meanFigures } from '../figures.ts';
import { type AcrossModel, acrossModel, estimate, teach } from './across-model.ts';
import type { StudyExamples } from './examples.ts';
import type { Learner } from './learner.ts';
import { noveltyOf } from './novelty.ts';
import { type HeldOutStudy, SPLITS, type Split, spreadFrom } from './spread.ts';

/** Of all studies, kernels or targets, one in so many is held out to judge by. */
const ONE_IN = 4;

export type Trained = Readonly<{
  model: AcrossModel;
  /** What the same learner made of studies, kernels and targets that it was not shown. */
  heldOut: readonly HeldOutStudy[];
}>;

/**
 * Learns from all studies, after learning three times from a part: without some studies, some kernels,
 * some targets. What those make of the rest says how good the model is, and how wide its spread must be.
 */
export async function trainAcross(
  learner: Learner,
  studies: readonly StudyExamples[],
  seed: number,
): Promise<Trained> {
  const heldOut: HeldOutStudy[] = [];
  for (const split of SPLITS) heldOut.push(...(await judged(learner, studies, split, seed)));
  const model = acrossModel(await teach(learner, studies, seed), spreadFrom(heldOut));
  return { model, heldOut };
}

/** Every learner is judged on the same held-out data; the one with the smaller error answers. */
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

/** Mean over the splits, so that the one with most studies does not drown the others. */
function errorOf({ heldOut }: Trained): number {
  const errors = SPLITS.map((split) => figuresBySplit(heldOut, split)?.error).filter(
    (error) => error !== undefined,
  );
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

export function figuresBySplit(heldOut: readonly HeldOutStudy[], split: Split): Figures | undefined {
  const all = heldOut.flatMap((study) => (study.split === split ? [study.figures] : []));
  return all.length === 0 ? undefined : meanFigures(all);
}

async function judged(
  learner: Learner,
  studies: readonly StudyExamples[],
  split: Split,
  seed: number,
): Promise<readonly HeldOutStudy[]> {
  const away = chosen(studies, split, seed);
  const shown = studies.filter((study) => !away.has(study[split]));
  if (away.size === 0 || shown.length === 0) return [];
  const taught = await teach(learner, shown, seed);
  return studies
    .filter((study) => away.has(study[split]))
    .map((study) => {
      const { mean, sd } = estimate(taught, study, study.configurations);
      const novelty = noveltyOf(taught.known, study);
      const trials = study.logTimes.map((time, i) => ({ error: time - mean[i], sd: sd[i], ...novelty }));
      const said = Array.from(mean, (meanLog, i) => ({ meanLog, sdLog: sd[i] }));
      const { kernel, target } = study;
      return { split, kernel, target, figures: figuresOf(said, study.logTimes), trials };
    });
}

/** One in four of the names, at least one where there are two. */
function chosen(studies: readonly StudyExamples[], split: Split, seed: number): ReadonlySet<string> {
  const names = [...new Set(studies.map((study) => study[split]))].sort();
  if (names.length < 2) return new Set();
  const order = permutation(randomFor(seed, 'held out', split), names.length);
  return new Set(order.slice(0, Math.max(1, Math.floor(names.length / ONE_IN))).map((place) => names[place]));
}
