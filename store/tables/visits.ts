import { z } from 'zod';
import type { NewVisit, VisitRecord } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import type { VisitEnd } from '../visit-store.ts';
import { findRow, jsonText, parseRow, parseRows } from './row.ts';
import { budget, environment } from './shapes.ts';

const base = {
  id: z.number(),
  studyId: z.string(),
  budget: jsonText(budget),
  toolVersion: z.string(),
  environment: jsonText(environment),
  startedAt: z.number(),
  trialsAtStart: z.number(),
  activeMs: z.number(),
};
const visitRow: z.ZodType<VisitRecord> = z.discriminatedUnion('state', [
  z.object({ ...base, state: z.literal('open') }).readonly(),
  z.object({ ...base, state: z.literal('ended'), stoppedBy: z.string(), endedAt: z.number() }).readonly(),
]);

const SELECT = `SELECT v.id, s.id AS studyId, v.budget, v.tool_version AS toolVersion, v.environment,
    v.started_at AS startedAt, v.trials_at_start AS trialsAtStart, v.active_ms AS activeMs, v.state,
    v.stopped_by AS stoppedBy, v.ended_at AS endedAt
  FROM visits v JOIN studies s ON s.row = v.study`;

export function startVisit(
  database: Database,
  study: number,
  visit: NewVisit,
  startedAt: number,
): VisitRecord {
  return database.transaction(() => {
    database.run(
      `UPDATE visits SET state = 'ended', stopped_by = 'interrupted', ended_at = :startedAt
       WHERE study = :study AND state = 'open'`,
      { study, startedAt },
    );
    const { lastId: id } = database.run(
      `INSERT INTO visits (study, budget, tool_version, environment, started_at, trials_at_start, active_ms, state)
       VALUES (:study, :budget, :toolVersion, :environment, :startedAt,
         (SELECT coalesce(max(number) + 1, 0) FROM trials WHERE study = :study AND number IS NOT NULL), 0, 'open')`,
      {
        study,
        budget: JSON.stringify(visit.budget),
        toolVersion: visit.toolVersion,
        environment: JSON.stringify(visit.environment),
        startedAt,
      },
    );
    return parseRow(database, visitRow, database.get(`${SELECT} WHERE v.id = :id`, { id }));
  });
}

const END =
  "UPDATE visits SET state = 'ended', stopped_by = :stoppedBy, active_ms = :activeMs, ended_at = :endedAt";

export function endVisit(database: Database, id: number, end: VisitEnd, endedAt: number): void {
  database.run(`${END} WHERE id = :id AND state = 'open'`, { id, ...end, endedAt });
}

export function endOpenVisit(database: Database, study: number, end: VisitEnd, endedAt: number): void {
  database.run(`${END} WHERE study = :study AND state = 'open'`, { study, ...end, endedAt });
}

/** Stores the working time of a visit. */
export function keepActive(database: Database, id: number, activeMs: number): void {
  database.run('UPDATE visits SET active_ms = :activeMs WHERE id = :id', { id, activeMs });
}

export function openVisit(database: Database, studyId: string): VisitRecord | undefined {
  const row = database.get(`${SELECT} WHERE s.id = :studyId AND v.state = 'open'`, { studyId });
  return findRow(database, visitRow, row);
}

export function lastVisit(database: Database, studyId: string): VisitRecord | undefined {
  const row = database.get(`${SELECT} WHERE s.id = :studyId ORDER BY v.id DESC LIMIT 1`, { studyId });
  return findRow(database, visitRow, row);
}

export function listVisits(database: Database, studyId: string): readonly VisitRecord[] {
  return parseRows(
    database,
    visitRow,
    database.all(`${SELECT} WHERE s.id = :studyId ORDER BY v.id`, { studyId }),
  );
}
