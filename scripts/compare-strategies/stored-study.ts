import type { ReplayTable } from '../../src/targets/replay/table.ts';
import type { TransferredTrial } from '../../tuner/models/transfer-prior.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { searchTable } from './search-table.ts';

const TRIALS = 200;

/** What a store holds of a table after an ordinary study of it. */
export function storedStudy(table: ReplayTable): readonly TransferredTrial[] {
  const trials: TransferredTrial[] = [];
  const strategy = strategyNamed('default').create({ space: table.space, seed: 0 });
  searchTable(table, strategy, TRIALS, (index) => {
    const timeUs = table.timesUs[index];
    const logTime = Number.isNaN(timeUs) ? Number.POSITIVE_INFINITY : Math.log(timeUs);
    trials.push({ configuration: table.space.at(index), logTime });
  });
  return trials;
}
