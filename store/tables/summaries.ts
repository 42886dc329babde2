import { z } from 'zod';
import type { Database } from '../sqlite-database.ts';
import type { Improvement, TrialCounts } from '../study-store.ts';
import { INVALID_REASONS, type InvalidReason } from '../trial.ts';
import type { WrittenResult } from '../written-result.ts';
import { findRow, parseRow, parseRows } from './row.ts';

/** Summaries of a study, so that no query reads all its trials for them. */

const ADD = `INSERT INTO outcomes (study, outcome, trials) VALUES (:study, :outcome, :trials)
  ON CONFLICT DO UPDATE SET trials = trials + excluded.trials`;
const IMPROVE = 'INSERT INTO improvements (study, number, time_us) VALUES (:study, :number, :timeUs)';

/** Adds newly settled trials, with the numbers from `first` on; returns whether the best time fell. */
export function summarize(
  database: Database,
  study: number,
  first: number,
  settled: readonly WrittenResult[],
): boolean {
  const outcomes = new Map<string, number>();
  const beforeUs = settled.length === 0 ? 0 : lastImprovement(database, study);
  let bestUs = beforeUs;
  for (const [place, trial] of settled.entries()) {
    const outcome = trial.state === 'timed' ? trial.state : trial.reason;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (trial.state !== 'timed' || trial.timeUs >= bestUs) continue;
    bestUs = trial.timeUs;
    database.run(IMPROVE, { study, number: first + place, timeUs: bestUs });
  }
  for (const [outcome, trials] of outcomes) database.run(ADD, { study, outcome, trials });
  return bestUs < beforeUs;
}

/** Recomputes the summaries of the studies whose rows the query `studies` selects. */
export function resummarize(database: Database, studies: string): void {
  database.run(`DELETE FROM outcomes WHERE study IN (${studies})`);
  database.run(`DELETE FROM improvements WHERE study IN (${studies})`);
  database.run(`INSERT INTO outcomes (study, outcome, trials)
    SELECT study, coalesce(reason, 'timed'), count(*) FROM trials
    WHERE number IS NOT NULL AND study IN (${studies}) GROUP BY 1, 2`);
  database.run(`INSERT INTO improvements (study, number, time_us)
    SELECT study, number, time_us FROM (
      SELECT study, number, time_us, min(time_us) OVER (
        PARTITION BY study ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM trials WHERE state = 'timed' AND study IN (${studies}))
    WHERE before IS NULL OR time_us < before`);
}

const timeRow = z.object({ time_us: z.number() });

function lastImprovement(database: Database, study: number): number {
  const row = database.get(
    'SELECT time_us FROM improvements WHERE study = :study ORDER BY number DESC LIMIT 1',
    { study },
  );
  return findRow(database, timeRow, row)?.time_us ?? Number.POSITIVE_INFINITY;
}

const improvementRow: z.ZodType<Improvement> = z
  .object({ trials: z.number(), timeUs: z.number() })
  .readonly();
const IMPROVEMENTS = 'SELECT number + 1 AS trials, time_us AS timeUs FROM improvements WHERE study = :study';

/** All improvements, or if there are more than `most`, the last and some spread evenly over the trials. */
export function listImprovements(database: Database, study: number, most: number): readonly Improvement[] {
  const all = database.all(`${IMPROVEMENTS} ORDER BY number LIMIT :most + 1`, { study, most });
  if (all.length <= most) return parseRows(database, improvementRow, all);
  const latest = database.get(`${IMPROVEMENTS} ORDER BY number DESC LIMIT 1`, { study });
  const last = parseRow(database, improvementRow, latest);
  const found = new Map<number, Improvement>();
  for (let place = 0; place < most - 1; place++) {
    const from = Math.floor((place * last.trials) / (most - 1));
    const next = database.get(`${IMPROVEMENTS} AND number >= :from ORDER BY number LIMIT 1`, { study, from });
    const improvement = parseRow(database, improvementRow, next);
    found.set(improvement.trials, improvement);
  }
  return [...found.set(last.trials, last).values()];
}

const outcomeRow = z.object({ outcome: z.enum(['timed', ...INVALID_REASONS]), trials: z.number() });
const unsettledRow = z.object({ running: z.number(), abandoned: z.number() });

export function countTrials(database: Database, study: number): TrialCounts {
  const rows = database.all('SELECT outcome, trials FROM outcomes WHERE study = :study', { study });
  let [settled, timed] = [0, 0];
  const invalid: Record<InvalidReason, number> = {
    timeout: 0,
    compile: 0,
    runtime: 0,
    correctness: 0,
    constraints: 0,
    disturbed: 0,
  };
  for (const { outcome, trials } of parseRows(database, outcomeRow, rows)) {
    settled += trials;
    if (outcome === 'timed') timed = trials;
    else invalid[outcome] = trials;
  }
  const unsettled = database.get(
    `SELECT coalesce(sum(state = 'running'), 0) AS running, coalesce(sum(state = 'abandoned'), 0) AS abandoned
     FROM trials WHERE study = :study AND number IS NULL`,
    { study },
  );
  return Object.freeze({ settled, timed, invalid, ...parseRow(database, unsettledRow, unsettled) });
}
