import { randomFor } from '../../../search-space/random.ts';
import type { ModelStore } from '../../../store/model-store.ts';
import type { StudyFacts } from '../../../tuner/models/across/examples.ts';
import { expectationsOf } from '../../../tuner/models/expectations.ts';
import { modelPrior } from '../../../tuner/priors/model-prior.ts';
import { favouritesOf } from '../../../tuner/strategies/favourites.ts';
import type { KernelOnTarget } from '../../ask/kernel-on-target.ts';
import { kernelFeatures } from '../../kernels/features.ts';
import type { PredictedBest } from '../best/answer.ts';
import type { Predict } from '../best/find-best.ts';
import { type StoredModel, storedModel } from './stored-model.ts';

/** Predicts with the store's model, if there is one. */
export function predictFrom(store: Pick<ModelStore, 'latestModel'> | undefined): Predict {
  return async (subject) => {
    const model = store && (await storedModel(store));
    return model && predictBest(model, subject);
  };
}

/** Half the width of a normal distribution's 90 % interval, in standard deviations. */
const Z90 = 1.645;

/** The configuration that the model predicts to be fastest, with the 90 % interval of its time. */
export function predictBest(
  { model, version }: StoredModel,
  { kernel, target }: KernelOnTarget,
): PredictedBest {
  const space = target.space(kernel);
  const facts: StudyFacts = {
    kernel: kernel.name,
    target: target.name,
    kernelFeatures: kernelFeatures(kernel),
    targetFeatures: target.features,
  };
  const prior = modelPrior(model, facts, space.parameters, version);
  const [best] = favouritesOf(expectationsOf(prior, space.parameters), space, randomFor(version, 'predict'));
  const [{ meanLog, sdLog }] = prior.predict([space.digitsAt(best)]);
  return {
    configuration: space.at(best),
    timeUs: Math.exp(meanLog),
    interval: { low: Math.exp(meanLog - Z90 * sdLog), high: Math.exp(meanLog + Z90 * sdLog) },
    model: version,
  };
}
