import { z } from 'zod';
import type { Database } from '../sqlite-database.ts';
import { VERDICTS, type Verification } from '../verification.ts';
import { jsonText, parseRows } from './row.ts';
import { configuration, environment } from './shapes.ts';

type Body = Omit<Verification, 'studyId' | 'place' | 'verifiedAt'>;

const time = z.number().positive();
const body: z.ZodType<Body> = z
  .strictObject({
    kind: z.enum(['sampled', 'ensemble']),
    winner: configuration,
    against: configuration,
    pairs: z.array(z.tuple([time, time]).readonly()).readonly(),
    timingsOfPair: z.int().positive(),
    claims: z.array(z.strictObject({ by: z.number(), verdict: z.enum(VERDICTS) }).readonly()).readonly(),
    falseClaims: z.number().nullable(),
    environment,
    toolVersion: z.string(),
  })
  .readonly();

const verificationRow = z.object({ place: z.number(), body: jsonText(body), verifiedAt: z.number() });

export function saveVerification(
  database: Database,
  study: number,
  { studyId: _, place, ...made }: Omit<Verification, 'verifiedAt'>,
  verifiedAt: number,
): void {
  database.run(
    `INSERT OR REPLACE INTO verifications (study, place, body, verified_at)
     VALUES (:study, :place, :body, :verifiedAt)`,
    { study, place, body: JSON.stringify(made), verifiedAt },
  );
}

export function listVerifications(
  database: Database,
  study: number,
  studyId: string,
): readonly Verification[] {
  const rows = database.all(
    'SELECT place, body, verified_at AS verifiedAt FROM verifications WHERE study = :study ORDER BY place',
    { study },
  );
  return parseRows(database, verificationRow, rows).map(({ place, verifiedAt, body: made }) =>
    Object.freeze({ studyId, place, ...made, verifiedAt }),
  );
}
