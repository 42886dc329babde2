import { loadReplayTable, type ReplayTable } from '../../src/targets/replay/table.ts';
import type { TransferredTrial } from '../../tuner/models/transfer-prior.ts';
import { landscapeOf } from './landscape.ts';
import { storedStudy } from './stored-study.ts';

/** A cache of tables and their studies. */
export class Shelf {
  readonly #tables = new Map<string, Promise<ReplayTable>>();
  readonly #studies = new Map<ReplayTable, readonly TransferredTrial[]>();

  table(path: string): Promise<ReplayTable> {
    const table = this.#tables.get(path) ?? loadReplayTable(path);
    this.#tables.set(path, table);
    return table;
  }

  study(table: ReplayTable): readonly TransferredTrial[] {
    const study = this.#studies.get(table) ?? storedStudy(landscapeOf(table));
    this.#studies.set(table, study);
    return study;
  }
}
