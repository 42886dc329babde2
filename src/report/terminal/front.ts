import { targetKinds } from '../../../store/target-kinds.ts';
import type { Provenance } from '../../../tuner/backend.ts';
import type { FoundFront } from '../../../tuner/objectives/found-front.ts';
import { frontTable, frontWords } from '../words/front.ts';
import { drawFitted } from './fit.ts';
import type { Paint } from './paint.ts';

/** The Pareto optima, a line for each, and the default below them. */
export function drawFront(front: FoundFront, from: Provenance, columns: number, paint: Paint): string {
  const { titles, rows: cells, left } = frontTable(front);
  const last = titles.length - 1;
  const aligns = titles.map((_, place) => (place === last ? ('left' as const) : ('right' as const)));
  const yields = titles.map((_, place) => (place === last ? ('words' as const) : undefined));
  return [
    `${paint.bold(frontWords(front))}, ${targetKinds[from].label}\n`,
    drawFitted({ titles, aligns, cells, yields }, columns, paint),
    left === 0 ? '' : `${left} more are in --format json.\n`,
  ].join('');
}
