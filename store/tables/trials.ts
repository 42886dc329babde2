import { z } from 'zod';
import type { Database } from '../sqlite-database.ts';
import type { Proposal, Result, SettledTrial, UnsettledTrial } from '../trial.ts';
import type { Batch, Settled } from '../visit-store.ts';
import { refreshAnswer } from './bests.ts';
import { configurationDigest, inOrder } from './configuration.ts';
import { parseRow } from './row.ts';
import { studyKeyOf } from './studies.ts';
import { summarize } from './summaries.ts';
import { proposalColumns, settledTrial, settledValues, TRIAL_COLUMNS, unsettledTrial } from './trial-row.ts';
import { keepActive } from './visits.ts';

/** The number of trial rows read at a time. */
const PAGE = 1000;

/** A result replaces a running or abandoned trial of its configuration, and is refused if there is an earlier result. */
const MAKE_ROOM = 'DELETE FROM trials WHERE study = :study AND configuration_key = :key AND number IS NULL';
const ANY_UNSETTLED = 'SELECT 1 FROM trials WHERE study = :study AND number IS NULL LIMIT 1';
/** Parameters by position, in the order of `settledValues`, which is faster: an import binds a million rows. */
const SETTLE = `INSERT INTO trials (study, number, visit, configuration_key, configuration, subset, origin,
    mean_log, sd_log, state, time_us, samples_us, phases, reason, message, at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

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
  const { first, settled, repeated } = settleBatch(database, batch, settledAt);
  const trials = settled.map((result, place) =>
    Object.freeze({
      ...result,
      configuration: Object.freeze({ ...result.configuration }),
      number: first + place,
      settledAt,
    }),
  );
  return Object.freeze({ settled: trials, repeated });
}

export function settleMany(database: Database, batch: Batch, settledAt: number): number {
  return settleBatch(database, batch, settledAt).settled.length;
}

/** The settled trials have the numbers from `first` on. */
type SettledBatch = Readonly<{ first: number; settled: readonly Result[]; repeated: readonly Result[] }>;

function settleBatch(database: Database, batch: Batch, settledAt: number): SettledBatch {
  return database.transaction(() => {
    const { row: study, names } = studyKeyOf(database, batch.studyId);
    const place = { study, visit: batch.visitId, at: settledAt };
    const mayBeUnsettled = database.get(ANY_UNSETTLED, { study }) !== undefined;
    const first = nextNumber(database, study);
    const settled: Result[] = [];
    const repeated: Result[] = [];
    for (const given of batch.results) {
      const result = withOrder(names, given);
      const configuration = JSON.stringify(result.configuration);
      const key = configurationDigest(configuration);
      if (mayBeUnsettled) database.run(MAKE_ROOM, { study, key });
      const values = settledValues(result, key, configuration, place, first + settled.length);
      if (database.run(SETTLE, values).changes === 0) repeated.push(given);
      else settled.push(result);
    }
    keepActive(database, batch.visitId, batch.activeMs);
    if (summarize(database, study, first, settled)) refreshAnswer(database, study);
    return { first, settled, repeated };
  });
}

function withOrder(names: readonly string[], result: Result): Result {
  const configuration = inOrder(names, result.configuration);
  return configuration === result.configuration ? result : { ...result, configuration };
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
