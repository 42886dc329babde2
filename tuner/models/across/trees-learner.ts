import { z } from 'zod';
import { randomFor } from '../../../search-space/random.ts';
import type { Matrix } from '../_base.ts';
import { type BoostedTrees, fitBoostedTrees, predictBoostedTrees } from '../boosted-trees.ts';
import { type Ensemble, estimateOf, type Learner } from './learner.ts';

const MEMBERS = 3;
const SETTINGS = { trees: 120, depth: 6, rate: 0.1, share: 0.7, leastRows: 3 } as const;

const numbers = z.array(z.number()).readonly();
const saved = z.array(
  z
    .object({
      base: z.number(),
      trees: z
        .array(z.object({ feature: numbers, threshold: numbers, left: numbers, value: numbers }).readonly())
        .readonly(),
    })
    .readonly(),
);

/** Boosted trees, each member on its own draws of rows and columns. */
export const treesLearner: Learner = Object.freeze<Learner>({
  name: 'trees',
  learn: async (features: Matrix, targets: Float64Array, seed: number) =>
    ensembleOf(
      Array.from({ length: MEMBERS }, (_, member) =>
        fitBoostedTrees(features, targets, { ...SETTINGS, random: randomFor(seed, 'trees', member) }),
      ),
    ),
  load: (data) => ensembleOf(saved.parse(data)),
});

function ensembleOf(members: readonly BoostedTrees[]): Ensemble {
  return {
    predict: (features) => estimateOf(members.map((member) => predictBoostedTrees(member, features))),
    save: () => members,
  };
}
