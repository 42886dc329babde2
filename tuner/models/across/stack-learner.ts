import { z } from 'zod';
import type { Ensemble, Learner } from './learner.ts';
import { networkLearner } from './network-learner.ts';
import { treesLearner } from './trees-learner.ts';

const saved = z.object({ trees: z.unknown(), network: z.unknown() }).readonly();

/** Trees and network in equal parts: they err on different configurations. */
export const stackLearner: Learner = Object.freeze<Learner>({
  name: 'stack',
  learn: async (lessons, seed) =>
    stackOf(await treesLearner.learn(lessons, seed), await networkLearner.learn(lessons, seed)),
  load: (data) => {
    const { trees, network } = saved.parse(data);
    return stackOf(treesLearner.load(trees), networkLearner.load(network));
  },
});

function stackOf(trees: Ensemble, network: Ensemble): Ensemble {
  return {
    predict: (features) => {
      const [a, b] = [trees.predict(features), network.predict(features)];
      return {
        mean: a.mean.map((value, row) => (value + b.mean[row]) / 2),
        // Of a mixture of the two.
        sd: a.sd.map((sd, row) =>
          Math.sqrt((sd ** 2 + b.sd[row] ** 2) / 2 + ((a.mean[row] - b.mean[row]) / 2) ** 2),
        ),
      };
    },
    save: () => ({ trees: trees.save(), network: network.save() }),
  };
}
