import { z } from 'zod';
import { isKnown, type OrUnknown, unknown } from '../../tuner/attribution/gain.ts';
import { LEARNERS } from '../../tuner/models/across/learner.ts';
import type { StoredModel } from '../answers/model/stored-model.ts';
import { orUnknown } from './parts.ts';

const figures = z
  .strictObject({
    rank: z.number().describe('Rank correlation of predicted and measured times within a study; mean.'),
    error: z
      .number()
      .describe('Median of measured ÷ predicted, or its inverse if that is larger, minus 1: 0.1 is 10 %.'),
    regret: z
      .number()
      .describe(
        'How much slower the best of the ten configurations predicted fastest is than the best tried.',
      ),
    studies: z.int().nonnegative(),
  })
  .readonly();
export type ModelFigures = z.infer<typeof figures>;

const named = z.strictObject({ name: z.string(), ...figures.unwrap().shape }).readonly();

/** `model --format json`. */
export const modelDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    version: z.string(),
    learner: z.enum(LEARNERS).describe('Boosted trees or a neural network, whichever predicted better.'),
    trainedAt: z.string().describe('ISO 8601, UTC.'),
    studies: z.int(),
    trials: z.int(),
    unseen: z
      .strictObject({ study: orUnknown(figures), kernel: orUnknown(figures), target: orUnknown(figures) })
      .readonly()
      .describe('On studies, kernels and targets held out of training.'),
    kernels: z.array(named).readonly().describe('Held-out figures by kernel, whatever was held out.'),
    targets: z.array(named).readonly(),
  })
  .readonly()
  .meta({ title: 'What nightshift model prints' });

export type ModelDocument = z.infer<typeof modelDocumentSchema>;

type HeldOut = StoredModel['metrics']['heldOut'];

export function modelDocument({ version, trainedAt, metrics }: StoredModel): ModelDocument {
  const { learner, studies, trials, heldOut } = metrics;
  const unseen = (split: HeldOut[number]['split']): OrUnknown<ModelFigures> =>
    meanOf(heldOut.filter((one) => one.split === split));
  const by = (pick: (one: HeldOut[number]) => string): ModelDocument['kernels'] =>
    [...new Set(heldOut.map(pick))].sort().flatMap((name) => {
      const mean = meanOf(heldOut.filter((one) => pick(one) === name));
      return isKnown(mean) ? [{ name, ...mean }] : [];
    });
  return {
    schemaVersion: 1,
    version,
    learner,
    trainedAt: new Date(trainedAt).toISOString(),
    studies,
    trials,
    unseen: { study: unseen('study'), kernel: unseen('kernel'), target: unseen('target') },
    kernels: by(({ kernel }) => kernel),
    targets: by(({ target }) => target),
  };
}

const NONE_HELD_OUT = unknown('not tried', 'there were too few to hold one out of training');

function meanOf(heldOut: HeldOut): OrUnknown<ModelFigures> {
  if (heldOut.length === 0) return NONE_HELD_OUT;
  const mean = (pick: (one: HeldOut[number]['figures']) => number): number =>
    heldOut.reduce((sum, { figures }) => sum + pick(figures), 0) / heldOut.length;
  return {
    rank: mean(({ rank }) => rank),
    error: Math.expm1(mean(({ error }) => error)),
    regret: mean(({ regret }) => regret),
    studies: heldOut.length,
  };
}
