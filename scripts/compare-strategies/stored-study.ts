import type { TransferredTrial } from '../../tuner/models/transfer-prior.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import type { Landscape } from './landscape.ts';
import { searchLandscape } from './search-landscape.ts';

const TRIALS = 200;

/** The trials that a store has after a usual study of a landscape. */
export function storedStudy(landscape: Landscape): readonly TransferredTrial[] {
  const { space, timeUs } = landscape;
  const trials: TransferredTrial[] = [];
  const strategy = strategyNamed('default').create({ space, seed: 0 });
  searchLandscape(landscape, strategy, TRIALS, {
    listen: (index) => {
      const time = timeUs(index);
      const logTime = Number.isNaN(time) ? Number.POSITIVE_INFINITY : Math.log(time);
      trials.push({ configuration: space.at(index), logTime });
    },
  });
  return trials;
}
