import { z } from 'zod';
import type { VisitPlace } from '../bulk-store.ts';
import type { Database } from '../sqlite-database.ts';
import type { Proposal, SettledTrial, UnsettledTrial } from '../trial.ts';
import type { Batch, Settled } from '../visit-store.ts';
import { type WrittenResult, writeResult } from '../written-result.ts';
import { refreshAnswer } from './bests.ts';
import { configurationDigest, inOrder } from './configuration.ts';
import { parseRow } from './row.ts';
import { studyKeyOf } from './studies.ts';
import { summarize } from './summaries.ts';
import {
  proposalColumns,
  type SettledPlace,
  settledTrial,
  settledValues,
  TRIAL_COLUMNS,
  unsettledTrial,
} from './trial-row.ts';
import { keepActive } from './visits.ts';

/** The number of trial rows read at a time. */
const PAGE = 1000;

/** A result replaces a running or abandoned trial of its configuration, and is refused if there is an earlier result. */
const MAKE_ROOM = 'DELETE FROM trials WHERE study = :study AND configuration_key = :key AND number IS NULL';
const ANY_UNSETTLED = 'SELECT 1 FROM trials WHERE study = :study AND number IS NULL LIMIT 1';
/** Parameters by position, in the order of `settledValues`, which is faster: an import binds a million rows. */
const SETTLE = `INSERT INTO trials (study, number, visit, configuration_key, configuration, subset, origin,
    mean_log, sd_log, state, time_us, samples_us, phases, reason, message, at, metrics)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

const MARK_RUNNING = `INSERT INTO trials (study, configuration_key, configuration, subset, origin, mean_log, sd_log,
    state, at)
  VALUES (:study, :key, :configuration, :subset, :origin, :meanLog, :sdLog, 'running', :at)
  ON CONFLICT (study, configuration_key) WHERE reason IS NOT 'disturbed' DO UPDATE SET
    subset = excluded.subset, origin = excluded.origin, mean_log = excluded.mean_log, sd_log = excluded.sd_log, state = 'running', at = excluded.at
  WHERE trials.state = 'abandoned'`;

const nextRow = z.object({ next: z.number() });

export function nextNumber(database: Database, study: number): number {
  const row = database.get(
    'SELECT coalesce(max(number) + 1, 0) AS next FROM trials WHERE study = :study AND number IS NOT NULL',
    { study },
  );
  return parseRow(database, nextRow, row).next;
}

export function settle(database: Database, batch: Batch, settledAt: number): Settled {
  return database.transaction(() => {
    const { row: study, names } = studyKeyOf(database, batch.studyId);
    const place = { study, visit: batch.visitId, at: settledAt };
    const written = batch.results.map((result) => writeResult(names, result));
    const { first, refused } = insertAll(database, place, written);
    keepActive(database, batch.visitId, batch.activeMs);
    const repeated = batch.results.filter((_, i) => refused.has(written[i]));
    const taken =
      refused.size === 0 ? batch.results : batch.results.filter((_, i) => !refused.has(written[i]));
    const settled = taken.map((result, i) => {
      const configuration = Object.freeze({ ...inOrder(names, result.configuration) });
      return Object.freeze({ ...result, configuration, number: first + i, settledAt });
    });
    return Object.freeze({ settled, repeated });
  });
}

/** Results in one transaction; a kill in between loses at most those. */
const BULK = 100_000;

export async function settleAll(
  database: Database,
  { studyId, visitId }: VisitPlace,
  batches: AsyncIterable<readonly WrittenResult[]>,
  now: () => number,
): Promise<number> {
  const { row: study } = studyKeyOf(database, studyId);
  const waiting = batches[Symbol.asyncIterator]();
  let settled = 0;
  const settleBulk = async (): Promise<boolean> => {
    for (let taken = 0; taken < BULK; ) {
      const next = await waiting.next();
      if (next.done === true) return false;
      const { refused } = insertAll(database, { study, visit: visitId, at: now() }, next.value);
      taken += next.value.length;
      settled += next.value.length - refused.size;
    }
    return true;
  };
  try {
    while (await database.longTransaction(settleBulk));
  } finally {
    await waiting.return?.();
  }
  return settled;
}

/** The results that were taken have the numbers from `first` on. */
type Inserted = Readonly<{ first: number; refused: ReadonlySet<WrittenResult> }>;

/** Within a transaction. */
function insertAll(database: Database, place: SettledPlace, results: readonly WrittenResult[]): Inserted {
  const { study } = place;
  const mayBeUnsettled = database.get(ANY_UNSETTLED, { study }) !== undefined;
  const first = nextNumber(database, study);
  const taken: WrittenResult[] = [];
  const refused = new Set<WrittenResult>();
  for (const result of results) {
    const key = configurationDigest(result.configuration);
    if (mayBeUnsettled) database.run(MAKE_ROOM, { study, key });
    const { changes } = database.run(SETTLE, settledValues(result, key, place, first + taken.length));
    if (changes === 0) refused.add(result);
    else taken.push(result);
  }
  if (summarize(database, study, first, taken)) refreshAnswer(database, study);
  return { first, refused };
}

export function markRunning(
  database: Database,
  studyId: string,
  proposals: readonly Proposal[],
  startedAt: number,
): void {
  database.transaction(() => {
    const { row: study, names } = studyKeyOf(database, studyId);
    for (const proposal of proposals) {
      database.run(MARK_RUNNING, { ...proposalColumns(names, proposal), study, at: startedAt });
    }
  });
}

export function abandonRunning(
  database: Database,
  which: Readonly<{ studyId?: string; startedBefore?: number }>,
): number {
  const study =
    which.studyId === undefined ? '' : 'AND study = (SELECT row FROM studies WHERE id = :studyId)';
  const before = which.startedBefore === undefined ? '' : 'AND at < :startedBefore';
  const sql = `UPDATE trials SET state = 'abandoned' WHERE number IS NULL AND state = 'running' ${study} ${before}`;
  return database.run(sql, { ...which }).changes;
}

/** The settled trials of a study in order, a page in memory at a time. */
export async function* settledTrials(
  database: Database,
  studyId: string,
  from: number,
): AsyncGenerator<SettledTrial, void> {
  const { row: study } = studyKeyOf(database, studyId);
  for (let next = from; ; ) {
    const page = database.all(
      `SELECT ${TRIAL_COLUMNS} FROM trials t WHERE t.study = :study AND t.number >= :next
       ORDER BY t.number LIMIT ${PAGE}`,
      { study, next },
    );
    for (const row of page) yield settledTrial(database, row);
    if (page.length < PAGE) return;
    next += PAGE;
  }
}

export function unsettledTrials(database: Database, studyId: string): readonly UnsettledTrial[] {
  const { row: study } = studyKeyOf(database, studyId);
  const rows = database.all(
    `SELECT ${TRIAL_COLUMNS} FROM trials t WHERE t.study = :study AND t.number IS NULL ORDER BY t.row`,
    { study },
  );
  return rows.map((row) => unsettledTrial(database, row));
}
