import type { Database } from '../sqlite-database.ts';
import type { Collected } from '../store.ts';

const GONE = 'SELECT row FROM studies WHERE target_fingerprint IN (SELECT value FROM json_each(:gone))';

/**
 * Deletes targets by fingerprint with all their results, and kernels that no study and no import uses any
 * more.
 */
export function collectGone(database: Database, fingerprints: readonly string[]): Collected {
  const gone = { gone: JSON.stringify(fingerprints) };
  const collected = database.transaction(() => {
    database.run(`DELETE FROM findings WHERE study IN (${GONE})`, gone);
    for (const table of ['comparisons', 'verifications', 'outcomes', 'improvements'])
      database.run(`DELETE FROM ${table} WHERE study IN (${GONE})`, gone);
    const { changes: trials } = database.run(`DELETE FROM trials WHERE study IN (${GONE})`, gone);
    database.run(`DELETE FROM visits WHERE study IN (${GONE})`, gone);
    const { changes: studies } = database.run(`DELETE FROM studies WHERE row IN (${GONE})`, gone);
    const { changes: targets } = database.run(
      'DELETE FROM targets WHERE fingerprint IN (SELECT value FROM json_each(:gone))',
      gone,
    );
    return Object.freeze({ targets, studies, trials, kernels: deleteUnneededKernels(database) });
  });
  database.shrink();
  return collected;
}

function deleteUnneededKernels(database: Database): number {
  const needed = 'SELECT kernel_hash FROM studies UNION SELECT hash FROM imports';
  database.run(`DELETE FROM kernel_names WHERE hash NOT IN (${needed})`);
  return database.run(`DELETE FROM kernels WHERE hash NOT IN (${needed})`).changes;
}
