import type { AbDocument } from '../../documents/ab.ts';
import type { Paint } from './paint.ts';
import { type DrawnSide, drawTwoSides } from './two-sides.ts';

/** Two configurations side by side, with the sentence on their difference. */
export function drawAb(document: AbDocument, columns: number, paint: Paint): string {
  const side = (title: 'a' | 'b'): DrawnSide => {
    const { configuration, timeUs } = document[title];
    return { title, configuration, timeUs };
  };
  return drawTwoSides(document, [side('a'), side('b')], 1, columns, paint);
}
