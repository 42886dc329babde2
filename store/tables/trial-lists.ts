import { z } from 'zod';
import type { Database } from '../sqlite-database.ts';
import type { ListedTrial, TrialCounts, TrialFilter } from '../study-store.ts';
import { INVALID_REASONS } from '../trial.ts';
import { parseRow, parseRows, whereAll } from './row.ts';
import { studyKeyOf } from './studies.ts';
import { settledTrial, TRIAL_COLUMNS, unsettledTrial } from './trial-row.ts';

const listedRow = z.object({ study_id: z.string(), number: z.number().nullable() });

/** Study by study; within one by number, by time, or as they were begun for those without a number. */
export function listTrials(database: Database, filter: TrialFilter): readonly ListedTrial[] {
  const unsettled = filter.state === 'running' || filter.state === 'abandoned';
  const byTime = filter.order === 'time';
  const where = whereAll([
    unsettled ? 't.number IS NULL' : 't.number IS NOT NULL',
    byTime && "t.state = 'timed'",
    filter.studyId !== undefined && 't.study = (SELECT row FROM studies WHERE id = :studyId)',
    filter.state !== undefined && 't.state = :state',
    filter.subset !== undefined && 't.subset = :subset',
    filter.reason !== undefined && 't.reason = :reason',
  ]);
  const order = unsettled ? 't.row' : byTime ? 't.time_us, t.number' : 't.number';
  const rows = database.all(
    `SELECT s.id AS study_id, ${TRIAL_COLUMNS} FROM trials t JOIN studies s ON s.row = t.study
     ${where} ORDER BY t.study, ${order} LIMIT :limit OFFSET :offset`,
    { offset: 0, ...filter },
  );
  return rows.map((row) => {
    const { study_id: studyId, number } = parseRow(database, listedRow, row);
    const trial = number === null ? unsettledTrial(database, row) : settledTrial(database, row);
    return Object.freeze({ studyId, trial });
  });
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
