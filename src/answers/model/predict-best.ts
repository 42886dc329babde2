import { randomFor } from '../../../search-space/random.ts';
import type { ModelStore } from '../../../store/model-store.ts';
import type { StudyFacts } from '../../../tuner/models/across/examples.ts';
import { modelPrior } from '../../../tuner/priors/model-prior.ts';
import { favouritesOf } from '../../../tuner/strategies/favourites.ts';
import { kernelFeatures } from '../../kernels/features.ts';
import type { PredictedBest } from '../best/answer.ts';
import type { BestQuestion, Predict } from '../best/find-best.ts';
import { type StoredModel, storedModel } from './stored-model.ts';

/** What `best` asks where nothing was observed: the model that the store has, if any. */
export function predictFrom(store: ModelStore | undefined): Predict {
  return async (question) => {
    const model = store && (await storedModel(store));
    return model && predictBest(model, question);
  };
}

/** Half the width of a normal's 90 % interval, in standard deviations. */
const Z90 = 1.645;

/** The configuration that the model thinks fastest, with the 90 % interval of its time. */
export function predictBest(
  { model, version }: StoredModel,
  { kernel, target }: BestQuestion,
): PredictedBest {
  const space = target.space(kernel);
  const facts: StudyFacts = {
    kernel: kernel.name,
    target: target.name,
    kernelFeatures: kernelFeatures(kernel),
    targetFeatures: target.features,
  };
  const prior = modelPrior(model, facts, space.parameters, version);
  const [best] = favouritesOf(prior, space, randomFor(version, 'predict'));
  const [{ meanLog, sdLog }] = prior.predict([space.digitsAt(best)]);
  return {
    configuration: space.at(best),
    timeUs: Math.exp(meanLog),
    interval: { low: Math.exp(meanLog - Z90 * sdLog), high: Math.exp(meanLog + Z90 * sdLog) },
    model: version,
  };
}
