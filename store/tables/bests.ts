import { z } from 'zod';
import type { BestFilter, BestQuery } from '../finding-store.ts';
import type { StoredBest } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import { TARGET_KINDS } from '../target-kinds.ts';
import { jsonText, parseRow, whereAll } from './row.ts';
import { configuration } from './shapes.ts';
import { KERNELS_CALLED, kernelsCalled, kernelTitle, targetTitle } from './titles.ts';

const bestRow = z.object({
  study_id: z.string(),
  hash: z.string(),
  kernel: z.string(),
  source: z.string(),
  shape: z.string(),
  dtype: z.string(),
  fingerprint: z.string(),
  target: z.string(),
  target_kind: z.enum(TARGET_KINDS),
  configuration: jsonText(configuration),
  time_us: z.number(),
  basis: z.enum(['comparison', 'trial']),
  objective: z.string(),
  measured_at: z.number(),
  tool_version: z.string(),
});

/**
 * Trials that a study's answer may come from. A visit that ended without an answer has timed nothing but a default
 * that a restriction excludes; later trials count again.
 */
const answering = (study: string): string => `study = ${study} AND state = 'timed'
  AND at > coalesce((SELECT found_at FROM findings WHERE study = ${study} AND time_us IS NULL), -1)`;

/** The bests of chosen studies (`s`), from their findings or else their fastest trial. */
const ANSWER = `SELECT s.id AS study_id, k.hash, k.name AS kernel, k.source, k.shape, k.dtype,
    t.fingerprint, t.name AS target, t.kind AS target_kind,
    coalesce(f.configuration, b.configuration) AS configuration,
    coalesce(f.time_us, b.time_us) AS time_us,
    CASE WHEN f.comparison IS NULL THEN 'trial' ELSE 'comparison' END AS basis,
    s.objective, coalesce(f.found_at, b.at) AS measured_at,
    coalesce(f.tool_version, (SELECT tool_version FROM visits WHERE id = b.visit)) AS tool_version
  FROM chosen c
  JOIN studies s ON s.row = c.row
  JOIN kernels k ON k.hash = s.kernel_hash
  JOIN targets t ON t.fingerprint = s.target_fingerprint
  LEFT JOIN findings f ON f.study = s.row AND f.time_us IS NOT NULL
  LEFT JOIN trials b ON f.study IS NULL AND b.row =
    (SELECT row FROM trials WHERE ${answering('s.row')} ORDER BY time_us, number LIMIT 1)`;

/**
 * Studies that seek the time before those that seek something else; of equally fast ones the one with the fewest
 * constraints, which a restriction adds to.
 */
const FASTEST_FIRST =
  "(objective || ',' NOT LIKE 'time,%' AND objective NOT LIKE 'time where %'), answer_us, json_array_length(space, '$.constraints'), id";

/** Updates the study's `answer_us`, by which `best` ranks studies. */
export function refreshAnswer(database: Database, study: number): void {
  database.run(
    `UPDATE studies SET answer_us = coalesce(
       (SELECT time_us FROM findings WHERE study = :study),
       (SELECT time_us FROM trials WHERE ${answering(':study')} ORDER BY time_us LIMIT 1))
     WHERE row = :study`,
    { study },
  );
}

export function findStoredBest(database: Database, query: BestQuery): StoredBest | undefined {
  const { hash } = query.kernel;
  const { fingerprint } = query.target;
  const sought = query.objective === undefined ? {} : { objective: query.objective };
  const where = whereAll([
    'kernel_hash = :hash AND target_fingerprint = :fingerprint AND answer_us IS NOT NULL',
    query.objective !== undefined && 'objective = :objective',
  ]);
  const chosen = `SELECT row FROM studies ${where} ORDER BY ${FASTEST_FIRST} LIMIT 1`;
  const row = database.get(`WITH chosen AS (${chosen}) ${ANSWER}`, { hash, fingerprint, ...sought });
  return row === undefined ? undefined : storedBest(database, row);
}

type Titles = Pick<StoredBest, 'kernel' | 'target'>;

/** The best of a study, with the given titles of its kernel and target. */
export function bestOfStudy(database: Database, study: number, titles: Titles): StoredBest | undefined {
  const chosen = 'SELECT row FROM studies WHERE row = :study AND answer_us IS NOT NULL';
  const row = database.get(`WITH chosen AS (${chosen}) ${ANSWER}`, { study });
  return row === undefined ? undefined : titled(parseRow(database, bestRow, row), titles);
}

export function listBests(database: Database, filter: BestFilter): readonly StoredBest[] {
  const where = whereAll([
    'answer_us IS NOT NULL',
    filter.kernelName !== undefined && `kernel_hash IN (${KERNELS_CALLED})`,
    filter.dtype !== undefined && 'kernel_hash IN (SELECT hash FROM kernels WHERE dtype = :dtype)',
    filter.targetFingerprint !== undefined && 'target_fingerprint = :targetFingerprint',
    filter.objective !== undefined && 'objective = :objective',
  ]);
  const ranked = `SELECT row, row_number() OVER
    (PARTITION BY kernel_hash, target_fingerprint ORDER BY ${FASTEST_FIRST}) AS place FROM studies ${where}`;
  const rows = database.all(
    `WITH chosen AS (SELECT row FROM (${ranked}) WHERE place = 1) ${ANSWER}
     ORDER BY k.name, k.shape, k.dtype, t.name, t.fingerprint, k.hash`,
    {
      ...(filter.kernelName !== undefined && kernelsCalled(filter.kernelName)),
      ...(filter.dtype !== undefined && { dtype: filter.dtype }),
      ...(filter.targetFingerprint !== undefined && { targetFingerprint: filter.targetFingerprint }),
      ...(filter.objective !== undefined && { objective: filter.objective }),
    },
  );
  return rows.map((row) => storedBest(database, row));
}

function storedBest(database: Database, row: unknown): StoredBest {
  const best = parseRow(database, bestRow, row);
  const { hash, kernel: called, shape, dtype, source, fingerprint, target_kind: kind } = best;
  const name = targetTitle(database, best.target, fingerprint);
  return titled(best, {
    kernel: kernelTitle(database, { hash, called, shape, dtype, source }),
    target: Object.freeze({ fingerprint, name, kind }),
  });
}

function titled(best: z.infer<typeof bestRow>, titles: Titles): StoredBest {
  return Object.freeze({
    studyId: best.study_id,
    ...titles,
    configuration: best.configuration,
    timeUs: best.time_us,
    basis: best.basis,
    objective: best.objective,
    measuredAt: best.measured_at,
    toolVersion: best.tool_version,
  });
}
