import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import type { AcrossModel } from '../models/across/across-model.ts';
import type { StudyFacts } from '../models/across/examples.ts';
import type { Prior } from '../strategies/_base.ts';

/** The predictions of the model learned from all studies, as a prior for members given by their digits. */
export function modelPrior(
  model: AcrossModel,
  facts: StudyFacts,
  parameters: readonly Parameter[],
  version: string,
): Prior {
  const configurationOf = (digits: Int32Array): Configuration =>
    Object.fromEntries(parameters.map(({ name, values }, p) => [name, values[digits[p]]]));
  return { version, isDistant: true, predict: (digits) => model.predict(facts, digits.map(configurationOf)) };
}
