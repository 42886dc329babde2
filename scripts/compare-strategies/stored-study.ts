import type { ReplayTable } from '../../src/targets/replay/table.ts';
import type { TransferredTrial } from '../../tuner/models/transfer-prior.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { landscapeOf } from './landscape.ts';
import { searchLandscape } from './search-landscape.ts';

const TRIALS = 200;

/** The trials that a store has after a usual study of a table. */
export function storedStudy(table: ReplayTable): readonly TransferredTrial[] {
  const trials: TransferredTrial[] = [];
  const strategy = strategyNamed('default').create({ space: table.space, seed: 0 });
  searchLandscape(landscapeOf(table), strategy, TRIALS, {
    listen: (index) => {
      const timeUs = table.timesUs[index];
      const logTime = Number.isNaN(timeUs) ? Number.POSITIVE_INFINITY : Math.log(timeUs);
      trials.push({ configuration: table.space.at(index), logTime });
    },
  });
  return trials;
}
