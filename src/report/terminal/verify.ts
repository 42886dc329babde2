import type { VerifyDocument } from '../../documents/verify.ts';
import type { Paint } from './paint.ts';
import { drawTwoSides } from './two-sides.ts';

/** A winner beside what it is compared with, and whether it is faster. */
export function drawVerify(document: VerifyDocument, columns: number, paint: Paint): string {
  const { winner, against } = document;
  const sides = [
    { title: 'winner', configuration: winner.configuration, timeUs: winner.timeUs },
    { title: against.given, configuration: against.configuration, timeUs: against.timeUs },
  ] as const;
  return drawTwoSides(document, sides, 0, columns, paint);
}
