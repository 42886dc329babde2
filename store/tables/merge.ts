import { z } from 'zod';
import type { Database } from '../sqlite-database.ts';
import type { Merged } from '../store.ts';
import { parseRow } from './row.ts';
import { resummarize } from './summaries.ts';

/**
 * Merges the records of the attached database `other` that this one lacks. Trials of a study that is in both
 * get the next numbers, in their order; a configuration with a result here keeps it. Repeating it changes
 * nothing.
 */
export function mergeOther(database: Database): Merged {
  return database.transaction(() => {
    const merged = {
      kernels: copyNew(database, 'kernels', 'hash, name, shape, dtype, ir, features, source'),
      targets: copyNew(database, 'targets', 'fingerprint, name, kind, description, features, saved_at'),
      studies: copyNew(database, 'studies', STUDY_COLUMNS),
      trials: copyTrials(database),
      models: copyNew(database, 'models', 'version, kind, metrics, created_at, blob'),
    };
    copyNew(database, 'kernel_names', 'name, hash');
    copyNew(database, 'imports', 'name, hash, calls, ttir, imported_at');
    copyFindings(database);
    copyVerifications(database);
    database.run(`UPDATE studies SET answer_us = coalesce(
        (SELECT time_us FROM findings WHERE study = studies.row),
        (SELECT time_us FROM trials WHERE study = studies.row AND state = 'timed' ORDER BY time_us LIMIT 1))
      WHERE id IN (SELECT id FROM other.studies)`);
    return Object.freeze(merged);
  });
}

const STUDY_COLUMNS = `id, kernel_hash, target_fingerprint, space_hash, space, objective, strategy, seed,
  spec, default_configuration, prior_version, tool_version, created_at, state`;

/** Copies the rows whose key is not in this store; returns their number. */
function copyNew(database: Database, table: string, columns: string): number {
  return database.run(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM other.${table} WHERE true
    ON CONFLICT DO NOTHING`).changes;
}

/** The other store's trials without a result here, with their new number and visit. */
const TAKEN = `CREATE TEMP TABLE taken AS
  SELECT theirs.row AS row, ours.row AS study, theirs.visit + :visits AS visit,
    (SELECT coalesce(max(number), -1) FROM trials WHERE study = ours.row AND number IS NOT NULL)
      + row_number() OVER (PARTITION BY ours.row ORDER BY theirs.number) AS number
  FROM other.trials theirs
  JOIN other.studies their_study ON their_study.row = theirs.study
  JOIN main.studies ours ON ours.id = their_study.id
  WHERE theirs.number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.trials known
    WHERE known.study = ours.row AND known.configuration_key = theirs.configuration_key
      AND known.number IS NOT NULL AND (known.reason IS NOT 'disturbed' OR theirs.reason IS 'disturbed'))`;

/** Visits that are open in the other store cannot be continued here, so they end as interrupted. */
const COPY_VISITS = `INSERT INTO main.visits (id, study, budget, tool_version, environment, started_at,
    trials_at_start, active_ms, state, stopped_by, ended_at)
  SELECT DISTINCT taken.visit, taken.study, v.budget, v.tool_version, v.environment, v.started_at,
    v.trials_at_start, v.active_ms, 'ended', coalesce(v.stopped_by, 'interrupted'),
    coalesce(v.ended_at, v.started_at)
  FROM temp.taken taken JOIN other.visits v ON v.id = taken.visit - :visits`;

const TRIAL_COLUMNS = `configuration_key, configuration, subset, origin, mean_log, sd_log, state, time_us,
  samples_us, phases, reason, message, at, metrics`;
const DELETE_UNSETTLED = `DELETE FROM main.trials WHERE number IS NULL AND (study, configuration_key) IN
  (SELECT taken.study, theirs.configuration_key FROM temp.taken taken JOIN other.trials theirs USING (row))`;
const COPY_TRIALS = `INSERT INTO main.trials (study, number, visit, ${TRIAL_COLUMNS})
  SELECT taken.study, taken.number, taken.visit, ${TRIAL_COLUMNS.split(/,\s+/)
    .map((column) => `theirs.${column}`)
    .join(', ')}
  FROM temp.taken taken JOIN other.trials theirs ON theirs.row = taken.row ORDER BY taken.study, taken.number`;

function copyTrials(database: Database): number {
  const visits = lastId(database, 'visits');
  database.run(TAKEN, { visits });
  database.run(COPY_VISITS, { visits });
  database.run(DELETE_UNSETTLED);
  const { changes } = database.run(COPY_TRIALS);
  resummarize(database, 'SELECT study FROM temp.taken');
  database.run('DROP TABLE temp.taken');
  return changes;
}

/** Replaces findings by later ones of the other store, with their comparison. */
function copyFindings(database: Database): void {
  const comparisons = lastId(database, 'comparisons');
  database.run(`CREATE TEMP TABLE later AS
    SELECT ours.row AS study, f.study AS their_study FROM other.findings f
    JOIN other.studies s ON s.row = f.study JOIN main.studies ours ON ours.id = s.id
    WHERE f.found_at > coalesce((SELECT found_at FROM main.findings WHERE study = ours.row), -1)`);
  database.run(
    `INSERT INTO main.comparisons (id, study, body, compared_at)
     SELECT c.id + :comparisons, later.study, c.body, c.compared_at FROM temp.later later
     JOIN other.findings f ON f.study = later.their_study JOIN other.comparisons c ON c.id = f.comparison`,
    { comparisons },
  );
  database.run(
    `INSERT OR REPLACE INTO main.findings
       (study, comparison, configuration, time_us, document, tool_version, found_at)
     SELECT later.study, f.comparison + :comparisons, f.configuration, f.time_us, f.document, f.tool_version,
       f.found_at FROM temp.later later JOIN other.findings f ON f.study = later.their_study`,
    { comparisons },
  );
  database.run('DROP TABLE temp.later');
}

/**
 * Those of studies that have none here: each rate of false claims depends on how many others of its study were made,
 * so those of two stores are no list.
 */
function copyVerifications(database: Database): void {
  database.run(`INSERT INTO main.verifications (study, place, body, verified_at)
    SELECT ours.row, v.place, v.body, v.verified_at FROM other.verifications v
    JOIN other.studies s ON s.row = v.study JOIN main.studies ours ON ours.id = s.id
    WHERE NOT EXISTS (SELECT 1 FROM main.verifications known WHERE known.study = ours.row)`);
}

const lastRow = z.object({ last: z.number() });

function lastId(database: Database, table: 'visits' | 'comparisons'): number {
  const row = database.get(`SELECT coalesce(max(id), 0) AS last FROM main.${table}`);
  return parseRow(database, lastRow, row).last;
}
