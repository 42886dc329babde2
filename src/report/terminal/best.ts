import type { BestDocument } from '../documents/best.ts';
import { drawConfiguration } from './configuration.ts';
import { formatMicroseconds } from './numbers.ts';
import type { Paint } from './paint.ts';
import { drawTitle, TIME_LABELS } from './study-title.ts';

/** What to use, and how well that is known. */
export function drawBest(best: BestDocument, columns: number, paint: Paint): string {
  const { how, from } = best.provenance;
  const basis =
    best.basis === 'comparison' ? 'by a final comparison' : 'the fastest trial so far, not compared yet';
  return [
    drawTitle(best, from, paint),
    `${drawConfiguration(best.configuration, columns, '  ', paint)}\n`,
    `${paint.bold(formatMicroseconds(best.timeUs))} µs ${TIME_LABELS[from]}\n`,
    paint.dim(
      `${how} ${basis}; study ${best.study}, ${best.measuredAt.slice(0, 10)}, nightshift ${best.toolVersion}\n`,
    ),
  ].join('');
}
