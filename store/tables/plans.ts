import { z } from 'zod';
import type { NewPlan, PlannedStudy, PlanRecord } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import { findRow, jsonText, parseRow, parseRows } from './row.ts';
import { jsonObject } from './shapes.ts';
import { studyKeyOf } from './studies.ts';

const planRow = z.object({
  id: z.string(),
  document: jsonText(jsonObject),
  submittedAt: z.number(),
  activeMs: z.number(),
  endedAt: z.number().nullable(),
});

const plannedRow: z.ZodType<PlannedStudy> = z
  .object({
    studyId: z.string(),
    task: jsonText(jsonObject),
    state: z.enum(['waiting', 'begun', 'ended']),
    stoppedBy: z.string().nullable(),
  })
  .readonly();

const SELECT = `SELECT id, document, submitted_at AS submittedAt, active_ms AS activeMs, ended_at AS endedAt
  FROM plans`;

export function savePlan(database: Database, plan: NewPlan, submittedAt: number): PlanRecord {
  return database.transaction(() => {
    const { id, document, studies } = plan;
    database.run(
      `INSERT INTO plans (id, document, submitted_at, active_ms) VALUES (:id, :document, :submittedAt, 0)`,
      { id, document: JSON.stringify(document), submittedAt },
    );
    studies.forEach(({ studyId, task }, place) => {
      database.run(
        'INSERT INTO plan_studies (plan, place, study, task) VALUES (:id, :place, :study, :task)',
        { id, place, study: studyKeyOf(database, studyId).row, task: JSON.stringify(task) },
      );
    });
    return planOf(database, database.get(`${SELECT} WHERE id = :id`, { id }));
  });
}

export function findPlan(database: Database, id: string): PlanRecord | undefined {
  const row = database.get(`${SELECT} WHERE id = :id`, { id });
  return row === undefined ? undefined : planOf(database, row);
}

/** Oldest first. */
export function listPlans(database: Database, onlyActive: boolean): readonly PlanRecord[] {
  const where = onlyActive ? 'WHERE ended_at IS NULL' : '';
  return database.all(`${SELECT} ${where} ORDER BY submitted_at, rowid`).map((row) => planOf(database, row));
}

export function keepPlanActive(database: Database, id: string, activeMs: number): void {
  database.run('UPDATE plans SET active_ms = :activeMs WHERE id = :id', { id, activeMs });
}

/** Records that the study's open visit, or else its next one, is the first for the plan. */
export function beginPlanned(database: Database, id: string, studyId: string): void {
  const { row: study } = studyKeyOf(database, studyId);
  database.run(
    `UPDATE plan_studies SET first_visit = coalesce(
       (SELECT id FROM visits WHERE study = :study AND state = 'open'),
       (SELECT coalesce(max(id), 0) + 1 FROM visits))
     WHERE plan = :id AND study = :study AND first_visit IS NULL`,
    { id, study },
  );
}

const endRow = z.object({ stoppedBy: z.string() });

/** Why the last visit for the plan ended; undefined before any has ended. */
export function plannedEnd(database: Database, id: string, studyId: string): string | undefined {
  const { row: study } = studyKeyOf(database, studyId);
  const row = database.get(
    `SELECT v.stopped_by AS stoppedBy FROM plan_studies p JOIN visits v ON v.study = p.study
     WHERE p.plan = :id AND p.study = :study AND v.id >= p.first_visit
       AND v.state = 'ended' AND v.stopped_by <> 'interrupted' ORDER BY v.id DESC LIMIT 1`,
    { id, study },
  );
  return findRow(database, endRow, row)?.stoppedBy;
}

export function endPlanned(database: Database, id: string, studyId: string, stoppedBy: string): void {
  const { row: study } = studyKeyOf(database, studyId);
  database.run(
    'UPDATE plan_studies SET stopped_by = :stoppedBy WHERE plan = :id AND study = :study AND stopped_by IS NULL',
    { id, study, stoppedBy },
  );
}

export function endPlan(database: Database, id: string, endedAt: number): void {
  database.run('UPDATE plans SET ended_at = :endedAt WHERE id = :id AND ended_at IS NULL', { id, endedAt });
}

const PLANNED = `SELECT s.id AS studyId, p.task, p.stopped_by AS stoppedBy,
    CASE WHEN p.stopped_by IS NOT NULL THEN 'ended' WHEN p.first_visit IS NOT NULL THEN 'begun'
      ELSE 'waiting' END AS state
  FROM plan_studies p JOIN studies s ON s.row = p.study WHERE p.plan = :id`;

export function findPlanned(database: Database, id: string, studyId: string): PlannedStudy | undefined {
  return findRow(database, plannedRow, database.get(`${PLANNED} AND s.id = :studyId`, { id, studyId }));
}

function planOf(database: Database, row: unknown): PlanRecord {
  const plan = parseRow(database, planRow, row);
  const studies = database.all(`${PLANNED} ORDER BY p.place`, { id: plan.id });
  return Object.freeze({ ...plan, studies: parseRows(database, plannedRow, studies) });
}
