import { MECHANISMS, type Mechanism } from '../../../search-space/parameter.ts';
import type { Findings } from '../../../tuner/attribution/findings.ts';
import { formatGain, formatShare } from './numbers.ts';
import type { Paint } from './paint.ts';
import { drawTable } from './table.ts';

export const MECHANISM_NAMES: Readonly<Record<Mechanism, string>> = Object.freeze({
  vec: 'Vec',
  mt: 'MT',
  db: 'DB',
});

/** What each mechanism is worth, one a row, and a line for a gain that has parts. */
export function drawGains(gains: Findings['gains'], paint: Paint): string {
  const rows = MECHANISMS.flatMap((mechanism) => {
    const found = gains[mechanism];
    return found === undefined ? [] : [{ mechanism, found }];
  });
  const cells = rows.map(({ mechanism, found }) => [
    MECHANISM_NAMES[mechanism],
    formatGain(found.alone),
    formatGain(found.leftOut),
    formatGain(found.forced),
    formatShare(found.shapleyShare),
  ]);
  const titles = ['', 'alone', 'left out', 'forced', 'Shapley share'];
  const table = drawTable({ titles, aligns: titles.map(() => 'left'), cells }, paint);
  return table + rows.map(({ mechanism, found }) => drawParts(MECHANISM_NAMES[mechanism], found)).join('');
}

function drawParts(name: string, { parts }: NonNullable<Findings['gains'][Mechanism]>): string {
  if (parts === undefined) return '';
  const service = `DMA instead of core copies ${formatGain(parts.service)}`;
  return `${name} in two parts: ${service}, overlap ${formatGain(parts.itself)}\n`;
}
