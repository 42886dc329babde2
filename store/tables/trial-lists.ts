import { z } from 'zod';
import type { Database } from '../sqlite-database.ts';
import type { TimePlace, TrialCounts, TrialFilter } from '../study-store.ts';
import { INVALID_REASONS, type TimedTrial, type Trial } from '../trial.ts';
import { parseRows, whereAll } from './row.ts';
import { studyKeyOf } from './studies.ts';
import { settledTrial, TRIAL_COLUMNS, timedTrial, unsettledTrial } from './trial-row.ts';

export function listStoredTrials(database: Database, filter: TrialFilter): readonly Trial[] {
  const { studyId, state, limit, after = -1 } = filter;
  const { row: study } = studyKeyOf(database, studyId);
  const isUnsettled = state === 'running' || state === 'abandoned';
  const where = whereAll([
    't.study = :study',
    isUnsettled ? 't.number IS NULL' : 't.number > :after',
    state !== undefined && 't.state = :state',
  ]);
  const rows = database.all(
    `SELECT ${TRIAL_COLUMNS} FROM trials t ${where} ORDER BY ${isUnsettled ? 't.row' : 't.number'} LIMIT :limit`,
    { study, limit, after, ...(state !== undefined && { state }) },
  );
  return rows.map((row) => (isUnsettled ? unsettledTrial(database, row) : settledTrial(database, row)));
}

export function fastestTrials(
  database: Database,
  studyId: string,
  limit: number,
  after: TimePlace = { timeUs: 0, number: -1 },
): readonly TimedTrial[] {
  const { row: study } = studyKeyOf(database, studyId);
  const rows = database.all(
    `SELECT ${TRIAL_COLUMNS} FROM trials t WHERE t.study = :study AND t.state = 'timed'
       AND (t.time_us, t.number) > (:timeUs, :number) ORDER BY t.time_us, t.number LIMIT :limit`,
    { study, limit, ...after },
  );
  return rows.map((row) => timedTrial(database, row));
}

const groupRow = z.object({
  state: z.enum(['running', 'abandoned', 'timed', 'invalid']),
  reason: z.enum(INVALID_REASONS).nullable(),
  subset: z.string(),
  trials: z.number(),
});

export function countTrials(database: Database, studyId: string): TrialCounts {
  const { row: study } = studyKeyOf(database, studyId);
  const rows = database.all(
    `SELECT state, reason, subset, count(*) AS trials FROM trials WHERE study = :study
     GROUP BY state, reason, subset ORDER BY subset`,
    { study },
  );
  const states = { running: 0, abandoned: 0, timed: 0, invalid: 0 };
  const reasons = { timeout: 0, compile: 0, runtime: 0, correctness: 0, constraints: 0, disturbed: 0 };
  const bySubset: Record<string, number> = {};
  for (const { state, reason, subset, trials } of parseRows(database, groupRow, rows)) {
    states[state] += trials;
    if (reason !== null) reasons[reason] += trials;
    if (state === 'timed' || state === 'invalid') bySubset[subset] = (bySubset[subset] ?? 0) + trials;
  }
  const { running, abandoned, timed, invalid } = states;
  return Object.freeze({ settled: timed + invalid, timed, invalid: reasons, running, abandoned, bySubset });
}
