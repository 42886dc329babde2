import { z } from 'zod';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Database } from '../sqlite-database.ts';
import type { TimePlace, TrialFilter } from '../study-store.ts';
import type { TimedTrial, Trial } from '../trial.ts';
import { configurationDigest, inOrder } from './configuration.ts';
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

export function timedTrialOf(
  database: Database,
  studyId: string,
  configuration: Configuration,
): TimedTrial | undefined {
  const { row: study, names } = studyKeyOf(database, studyId);
  const key = configurationDigest(JSON.stringify(inOrder(names, configuration)));
  const row = database.get(
    `SELECT ${TRIAL_COLUMNS} FROM trials t WHERE t.study = :study AND t.configuration_key = :key
       AND t.reason IS NOT 'disturbed' AND t.state = 'timed'`,
    { study, key },
  );
  return row === undefined ? undefined : timedTrial(database, row);
}

const nameRow = z.object({ name: z.string() });

export function metricNames(database: Database, studyId: string): readonly string[] {
  const { row: study } = studyKeyOf(database, studyId);
  const rows = database.all(
    `SELECT DISTINCT m.key AS name FROM trials t, json_each(t.metrics) m
     WHERE t.study = :study AND t.metrics IS NOT NULL ORDER BY m.key`,
    { study },
  );
  return parseRows(database, nameRow, rows).map(({ name }) => name);
}
