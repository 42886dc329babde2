import { z } from 'zod';
import type { Comparison } from '../comparison.ts';
import type { StoredFindings } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import type { Conclusion } from '../visit-store.ts';
import { refreshAnswer } from './bests.ts';
import { findRow, jsonText, parseRow, parseRows } from './row.ts';
import { comparison, configuration, jsonObject } from './shapes.ts';
import { endOpenVisit } from './visits.ts';

const comparisonRow = z.object({ body: jsonText(comparison) });

function saveComparison(database: Database, study: number, made: Comparison): number {
  return database.run(
    'INSERT INTO comparisons (study, body, compared_at) VALUES (:study, :body, :comparedAt)',
    { study, body: JSON.stringify(made), comparedAt: made.comparedAt },
  ).lastId;
}

export function findComparison(database: Database, id: number): Comparison | undefined {
  const row = database.get('SELECT body FROM comparisons WHERE id = :id', { id });
  return findRow(database, comparisonRow, row)?.body;
}

export function listComparisons(database: Database, study: number): readonly Comparison[] {
  const rows = database.all('SELECT body FROM comparisons WHERE study = :study ORDER BY id', { study });
  return parseRows(database, comparisonRow, rows).map(({ body }) => body);
}

const findingsRow = z.object({
  studyId: z.string(),
  comparisonId: z.number().nullable(),
  configuration: jsonText(configuration).nullable(),
  time_us: z.number().nullable(),
  document: jsonText(jsonObject).nullable(),
  foundAt: z.number(),
});

export function conclude(
  database: Database,
  study: number,
  { comparison, recommended, document, end }: Conclusion,
  foundAt: number,
): void {
  database.transaction(() => {
    database.run(
      `INSERT OR REPLACE INTO findings (study, comparison, configuration, time_us, document, tool_version, found_at)
       SELECT :study, :comparison, :configuration, :timeUs, :document, coalesce(
         (SELECT tool_version FROM visits WHERE study = :study ORDER BY id DESC LIMIT 1), tool_version), :foundAt
       FROM studies WHERE row = :study`,
      {
        study,
        comparison: comparison === null ? null : saveComparison(database, study, comparison),
        configuration: recommended === null ? null : JSON.stringify(recommended.configuration),
        timeUs: recommended === null ? null : recommended.timeUs,
        document: JSON.stringify(document),
        foundAt,
      },
    );
    refreshAnswer(database, study);
    if (end !== null) endOpenVisit(database, study, end, foundAt);
  });
}

export function findFindings(database: Database, studyId: string): StoredFindings | undefined {
  const row = database.get(
    `SELECT s.id AS studyId, f.comparison AS comparisonId, f.configuration, f.time_us, f.document,
       f.found_at AS foundAt FROM findings f JOIN studies s ON s.row = f.study WHERE s.id = :studyId`,
    { studyId },
  );
  if (row === undefined) return undefined;
  const { configuration, time_us: timeUs, ...rest } = parseRow(database, findingsRow, row);
  const recommended = configuration === null || timeUs === null ? null : { configuration, timeUs };
  return Object.freeze({ ...rest, recommended });
}
