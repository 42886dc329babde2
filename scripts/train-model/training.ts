import { type AcrossModel, acrossModel, fitEnsemble } from '../../tuner/models/across/across-model.ts';
import type { StudyExamples } from '../../tuner/models/across/examples.ts';
import { fewTreesLearner } from '../../tuner/models/across/trees-learner.ts';

/** A prior is weighed by the trials of its study, not by its own spread, so none is measured. */
const UNMEASURED = { always: 0, newKernel: 0, newTarget: 0 };

/** What the package's model is, learned from these studies: without some of them, to see what it makes of the others. */
export async function packagedModelOf(studies: readonly StudyExamples[], seed: number): Promise<AcrossModel> {
  return acrossModel(await fitEnsemble(fewTreesLearner, studies, seed), UNMEASURED);
}
