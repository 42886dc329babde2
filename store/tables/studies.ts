import { z } from 'zod';
import type { NewStudy, StudyRecord, StudyState } from '../records.ts';
import { STUDY_STATES } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import { studyId } from '../study-id.ts';
import type { StudyFilter, StudySummary } from '../study-store.ts';
import { TARGET_KINDS } from '../target-kinds.ts';
import { bestOfStudy } from './bests.ts';
import { inOrder } from './configuration.ts';
import { findRow, jsonText, parseRow, parseRows, rememberedJson, whereAll } from './row.ts';
import { configuration, jsonObject, spaceDefinition } from './shapes.ts';
import {
  KERNELS_CALLED,
  kernelsCalled,
  kernelTitle,
  TARGETS_CALLED,
  targetsCalled,
  targetTitle,
} from './titles.ts';
import { lastVisit } from './visits.ts';

const studyRow: z.ZodType<StudyRecord> = z
  .object({
    id: z.string(),
    kernelHash: z.string(),
    targetFingerprint: z.string(),
    spaceHash: z.string(),
    space: rememberedJson(spaceDefinition),
    objective: z.string(),
    strategy: z.string(),
    seed: z.number(),
    spec: jsonText(jsonObject).nullable(),
    defaultConfiguration: jsonText(configuration),
    priorVersion: z.string().nullable(),
    toolVersion: z.string(),
    createdAt: z.number(),
    state: z.enum(STUDY_STATES),
  })
  .readonly();

const COLUMNS = `s.id, s.kernel_hash AS kernelHash, s.target_fingerprint AS targetFingerprint,
  s.space_hash AS spaceHash, s.space, s.objective, s.strategy, s.seed, s.spec,
  s.default_configuration AS defaultConfiguration, s.prior_version AS priorVersion,
  s.tool_version AS toolVersion, s.created_at AS createdAt, s.state`;

export function findOrCreateStudy(database: Database, study: NewStudy, createdAt: number): StudyRecord {
  const id = studyId(study);
  const names = study.space.parameters.map((parameter) => parameter.name);
  database.run(
    `INSERT INTO studies (id, kernel_hash, target_fingerprint, space_hash, space, objective, strategy, seed,
       spec, default_configuration, prior_version, tool_version, created_at, state)
     VALUES (:id, :kernelHash, :targetFingerprint, :spaceHash, :space, :objective, :strategy, :seed,
       :spec, :defaultConfiguration, :priorVersion, :toolVersion, :createdAt, 'open')
     ON CONFLICT (id) DO UPDATE SET spec = coalesce(:spec, spec)`,
    {
      id,
      kernelHash: study.kernelHash,
      targetFingerprint: study.targetFingerprint,
      spaceHash: study.spaceHash,
      space: JSON.stringify({ parameters: study.space.parameters, constraints: study.space.constraints }),
      objective: study.objective,
      strategy: study.strategy,
      seed: study.seed,
      spec: study.spec === null ? null : JSON.stringify(study.spec),
      defaultConfiguration: JSON.stringify(inOrder(names, study.defaultConfiguration)),
      priorVersion: study.priorVersion,
      toolVersion: study.toolVersion,
      createdAt,
    },
  );
  return parseRow(
    database,
    studyRow,
    database.get(`SELECT ${COLUMNS} FROM studies s WHERE id = :id`, { id }),
  );
}

/** A study by its id, or by a beginning of it that is unique. */
export function findStudy(database: Database, beginning: string): StudyRecord | undefined {
  const rows = database.all(
    `SELECT ${COLUMNS} FROM studies s WHERE s.id >= :beginning AND s.id < :beginning || '~' LIMIT 2`,
    { beginning },
  );
  return rows.length === 1 && beginning !== '' ? parseRow(database, studyRow, rows[0]) : undefined;
}

export function setStudyState(database: Database, id: string, state: StudyState): void {
  database.run('UPDATE studies SET state = :state WHERE id = :id', { id, state });
}

const stateRow = z.object({ state: z.enum(STUDY_STATES), studies: z.number() });

export function countStudies(database: Database): Readonly<Record<StudyState, number>> {
  const counts = { open: 0, paused: 0, done: 0, cancelled: 0 };
  const rows = database.all('SELECT state, count(*) AS studies FROM studies GROUP BY state');
  for (const { state, studies } of parseRows(database, stateRow, rows)) counts[state] = studies;
  return Object.freeze(counts);
}

const studyKey = z.object({ row: z.number(), default_configuration: jsonText(configuration) });

/** The row that trials refer to, and its parameters' names in order. Throws RangeError for an unknown id. */
export function studyKeyOf(
  database: Database,
  id: string,
): Readonly<{ row: number; names: readonly string[] }> {
  const found = database.get('SELECT row, default_configuration FROM studies WHERE id = :id', { id });
  const key = findRow(database, studyKey, found);
  if (key === undefined) throw new RangeError(`no study '${id}' in ${database.location}`);
  return { row: key.row, names: Object.keys(key.default_configuration) };
}

const summaryRow = z.object({
  row: z.number(),
  kernel: z.string(),
  source: z.string(),
  shape: z.string(),
  dtype: z.string(),
  target: z.string(),
  target_kind: z.enum(TARGET_KINDS),
  settled: z.number(),
  timed: z.number(),
  disturbed: z.number(),
});

const SUMMARIES = `SELECT ${COLUMNS}, s.row, k.name AS kernel, k.source, k.shape, k.dtype,
    t.name AS target, t.kind AS target_kind,
    (SELECT coalesce(sum(trials), 0) FROM outcomes WHERE study = s.row) AS settled,
    (SELECT coalesce(sum(trials), 0) FROM outcomes WHERE study = s.row AND outcome = 'timed') AS timed,
    (SELECT coalesce(sum(trials), 0) FROM outcomes WHERE study = s.row AND outcome = 'disturbed') AS disturbed
  FROM studies s JOIN kernels k ON k.hash = s.kernel_hash
  JOIN targets t ON t.fingerprint = s.target_fingerprint`;

export function findSummary(database: Database, id: string): StudySummary | undefined {
  const row = database.get(`${SUMMARIES} WHERE s.id = :id`, { id });
  return row === undefined ? undefined : studySummary(database, row);
}

export function listStudies(database: Database, filter: StudyFilter): readonly StudySummary[] {
  const { kernelName, targetName, ...exact } = filter;
  const where = whereAll([
    kernelName !== undefined && `s.kernel_hash IN (${KERNELS_CALLED})`,
    filter.kernelHash !== undefined && 's.kernel_hash = :kernelHash',
    filter.shape !== undefined && 'k.shape = :shape',
    filter.dtype !== undefined && 'k.dtype = :dtype',
    targetName !== undefined && `s.target_fingerprint IN (${TARGETS_CALLED})`,
    filter.targetFingerprint !== undefined && 's.target_fingerprint = :targetFingerprint',
    filter.state !== undefined && 's.state = :state',
  ]);
  const limit = filter.limit === undefined ? '' : 'LIMIT :limit';
  const rows = database.all(`${SUMMARIES} ${where} ORDER BY s.created_at DESC, s.row DESC ${limit}`, {
    ...exact,
    ...(kernelName !== undefined && kernelsCalled(kernelName)),
    ...(targetName !== undefined && targetsCalled(targetName)),
  });
  return rows.map((row) => studySummary(database, row));
}

export function timedStudies(database: Database, least: number): readonly StudyRecord[] {
  const rows = database.all(
    `SELECT ${COLUMNS} FROM studies s WHERE s.row IN (SELECT study FROM outcomes WHERE outcome = 'timed'
       GROUP BY study HAVING sum(trials) >= :least) ORDER BY s.row`,
    { least },
  );
  return parseRows(database, studyRow, rows);
}

const fastestRow = z.object({ us: z.number().nullable() });

function fastestTime(database: Database, study: number): number | null {
  const row = database.get("SELECT min(time_us) AS us FROM trials WHERE study = :study AND state = 'timed'", {
    study,
  });
  return parseRow(database, fastestRow, row).us;
}

function studySummary(database: Database, row: unknown): StudySummary {
  const study = parseRow(database, studyRow, row);
  const also = parseRow(database, summaryRow, row);
  const { kernel: called, source, shape, dtype, target, target_kind: kind, settled, timed, disturbed } = also;
  const { kernelHash: hash, targetFingerprint: fingerprint } = study;
  const titles = {
    kernel: kernelTitle(database, { hash, called, shape, dtype, source }),
    target: Object.freeze({ fingerprint, name: targetTitle(database, target, fingerprint), kind }),
  };
  return Object.freeze({
    study,
    ...titles,
    settled,
    timed,
    disturbed,
    best: bestOfStudy(database, also.row, titles),
    fastestUs: fastestTime(database, also.row),
    lastVisit: lastVisit(database, study.id),
  });
}
