import { z } from 'zod';
import { randomFor } from '../../../search-space/random.ts';
import { type BoostedTrees, fitBoostedTrees, predictBoostedTrees } from '../boosted-trees.ts';
import { type Ensemble, estimateOf, type Learner } from './learner.ts';

type Size = Readonly<{ members: number; trees: number }>;

const SETTINGS = { depth: 6, rate: 0.1, share: 0.7, leastRows: 3 } as const;

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
function learnerOf({ members, trees }: Size): Learner {
  return Object.freeze<Learner>({
    name: 'trees',
    learn: async ({ features, targets }, seed) =>
      ensembleOf(
        Array.from({ length: members }, (_, member) =>
          fitBoostedTrees(features, targets, {
            ...SETTINGS,
            trees,
            random: randomFor(seed, 'trees', member),
          }),
        ),
      ),
    load: (data) => ensembleOf(saved.parse(data)),
  });
}

export const treesLearner = learnerOf({ members: 3, trees: 120 });

/** Read and asked in a third of the time, for what needs no spread. */
export const fewTreesLearner = learnerOf({ members: 1, trees: 150 });

function ensembleOf(members: readonly BoostedTrees[]): Ensemble {
  return {
    predict: (features) => estimateOf(members.map((member) => predictBoostedTrees(member, features))),
    save: () => members,
  };
}
