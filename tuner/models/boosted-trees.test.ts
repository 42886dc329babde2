import { randomFor } from '../../search-space/random.ts';
import { fitBoostedTrees, predictBoostedTrees } from './boosted-trees.ts';
import { costModelConformance } from './cost-model.conformance.ts';

costModelConformance('boosted trees', (features, logTimes) => {
  const options = { trees: 200, depth: 4, rate: 0.1, share: 0.8, leastRows: 2, random: randomFor('test') };
  const model = fitBoostedTrees(features, logTimes, options);
  return {
    predict: (asked) => Array.from(predictBoostedTrees(model, asked), (meanLog) => ({ meanLog, sdLog: 0.1 })),
  };
});
